// A project of the pictures' own, and whoever is signed in asking within it.
/** @typedef {(path: string, json?: unknown, method?: 'POST' | 'PUT') => Promise<any>} Ask within the project: gets, or sends what is given */

/**
 * @param {import('playwright-core').APIRequestContext} request
 * @param {string} url
 * @param {{ readonly slug: string, readonly name: string }} project
 * @returns {Promise<Ask>}
 */
export async function newProject(request, url, { slug, name }) {
  /** @type {Ask} */
  const ask = async (path, json, method = 'POST') => {
    const answer = await request.fetch(`${url}/api/projects${path}`, {
      headers: { origin: url },
      ...(json === undefined ? { method: 'GET' } : { method, data: json }),
    })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return answer.json()
  }
  await ask('', { slug, name })
  return (path, json, method) => ask(`/${slug}${path}`, json, method)
}
