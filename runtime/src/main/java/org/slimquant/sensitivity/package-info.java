/**
 * The error that each quantized tensor causes in the model's output when it is quantized alone.
 *
 * <ul>
 *   <li><b>A sensitivity is that of the model's output,</b> {@code Σy² / Σ(q - y)²} over all
 *       batches and elements. The sums are made outside of the graph, in double and in one order,
 *       so that they do not depend on threads. An output of zeros that stays zero has lost nothing
 *       (infinite); one that does not stay zero is only noise (negative infinity). A site that the
 *       output does not read is not run, and the table says that it is unread.
 *   <li><b>A bias is probed in its format only.</b> Its step follows from those of input and
 *       kernel, so that d - 1 or d + 1 cannot be chosen for it.
 * </ul>
 */
@NullMarked
package org.slimquant.sensitivity;

import org.jspecify.annotations.NullMarked;
