/**
 * What can go wrong between and around two databases, done on purpose: the network by
 * {@link dev.dualwrite.testkit.fault.TcpProxy}, the death of an instance by
 * {@link dev.dualwrite.testkit.fault.ChildJvm}, a writer that goes past the library by
 * {@link dev.dualwrite.testkit.fault.Bypass}. Servers themselves are killed and stopped in
 * {@code dev.dualwrite.testkit.server}.
 */
@NullMarked
package dev.dualwrite.testkit.fault;

import org.jspecify.annotations.NullMarked;
