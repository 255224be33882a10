/**
 * What the library and the kit expect of what a host implements, as tests: a test class extends a contract, hands it its own
 * implementation, and adds nothing. Entry types: {@link dev.dualwrite.testkit.contract.FlagSourceContract}, {@link
 * dev.dualwrite.testkit.contract.TransactionContract}, {@link dev.dualwrite.testkit.contract.FaultContract}, {@link
 * dev.dualwrite.testkit.contract.DualWriteSetupContract}.
 */
@NullMarked
package dev.dualwrite.testkit.contract;

import org.jspecify.annotations.NullMarked;
