import type { Command } from 'commander'
import { registerContractDiff } from './diff.ts'
import { registerContractExport } from './export.ts'
import { registerContractPropose } from './propose.ts'
import { registerContractShow } from './show.ts'
import { registerContractSimulate } from './simulate.ts'
import { registerContractVerify } from './verify.ts'
import { registerContractWrite } from './write.ts'

export function registerContract(program: Command): void {
  const contract = program.command('contract').description('what an agent may do, as the gateway enforces it')
  registerContractWrite(contract)
  registerContractPropose(contract)
  registerContractShow(contract)
  registerContractDiff(contract)
  registerContractVerify(contract)
  registerContractExport(contract)
  registerContractSimulate(contract)
}
