/**
 * Facts that follow from an integer model: the codes that a tensor can hold, the bounds of a sum,
 * the pixels that a window covers, the blocks of a concat, and the loops of a broadcast.
 *
 * <p>The engine uses them to choose its accumulators, the certificate uses them in its proof, and
 * the exporters use them to choose types and shifts.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Each fact is derived here and nowhere else.</b> Two exporters and a proof that each
 *       derive a bound can disagree.
 *   <li><b>Bounds hold for every input.</b> Nothing is measured.
 *   <li><b>There are two kinds of code ranges.</b> {@link
 *       org.slimquant.model.analysis.CodeRanges#clamped} reads only the clamps of a model, so
 *       weights do not change the types of exported code; {@link
 *       org.slimquant.model.analysis.CodeRanges#computed} also reads the sums, for a reader that
 *       needs the smallest range.
 *   <li><b>There are two magnitudes of a layer's sum.</b> {@link
 *       org.slimquant.model.analysis.SumBounds#magnitude} is exact for a range of codes. {@link
 *       org.slimquant.model.analysis.SumBounds#magnitudes} needs only the largest magnitude of a
 *       code, and bounds a sum of codes of any sign.
 * </ul>
 */
@NullMarked
package org.slimquant.model.analysis;

import org.jspecify.annotations.NullMarked;
