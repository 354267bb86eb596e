/** How a question is put: what is the answer ('find'), or somebody answered so, is that right ('verify'). */
export const QUESTION_FORMS = ['find', 'verify'] as const
export type QuestionForm = (typeof QUESTION_FORMS)[number]
