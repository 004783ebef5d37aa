/**
 * Formats from data: observers count the elements of tensors, and a method chooses exponents.
 *
 * <pre>{@code
 * CalibratingQuantizer ─▶ Observers ─▶ Calibrator ─▶ CalibrationStatistics ─▶ CalibrationMethod
 *                         counts,      adds up       mergeable, a file            │
 *                         extremes                                                ▼
 *                                                    QuantizationPlan ◀── CalibrationPlan
 *                                                    with remarks         ChannelNeed, RangeRemarks
 * }</pre>
 *
 * <ul>
 *   <li><b>Statistics are counts and extremes,</b> never sums of floats: the plan is the same for
 *       any division of the batches among processes and for any order. The bins of {@link
 *       org.slimquant.calibration.Histogram} follow float32 itself and need no range in advance.
 *       {@link org.slimquant.calibration.QuantizationError} describes the error that remains.
 *   <li><b>Large feature maps are counted in part,</b> because counting costs more than a small
 *       convolution: see {@link org.slimquant.calibration.Observer}. Extremes are exact, so that
 *       {@code MAX} is exact, and no NaN remains unnoticed.
 *   <li><b>Inputs on a coarse grid are exact.</b> Bins alone would give pixels that are multiples
 *       of 1/256 only 55 dB in the step 1/256, and {@code MIN_MSE} would clip the brightest for a
 *       finer step. So calibration also finds the coarsest power of two of which all of an input's
 *       elements are multiples: see {@link org.slimquant.calibration.Grid}.
 *   <li><b>Lost elements are counted, not weighed.</b> A squared error does not show small elements
 *       beside large ones. The share of elements that become 0 shows them, and comes from the same
 *       bins: see {@link org.slimquant.calibration.LostElements}.
 *   <li><b>A calibrated bias fits 32 bits.</b> Its step is that of the input times that of the
 *       kernel, and only the kernel's exponent can change without an effect on other layers. So
 *       calibration observes biases and chooses the formats of inputs and outputs first. Then it
 *       chooses no exponent of a kernel with which a bias would need more than 30 bits: see {@link
 *       org.slimquant.calibration.ChannelNeed}. A channel whose weights cannot move the layer's
 *       output by a quarter of its step is treated as one of zeros: its own exponent would make the
 *       integers shift by 100 bits.
 *   <li><b>A tensor of zeros gets an exponent near those of its kind,</b> because the smallest
 *       legal one would make an integer machine shift by 100 bits.
 *   <li><b>No overflow means no element beyond the range,</b> not beyond the last code's half-open
 *       cell, because the straight-through gradient ends at the range.
 *   <li><b>A batch counts whole or not at all.</b> A batch with a NaN is an error, and the
 *       statistics stay as they were.
 *   <li><b>An annotation's format wins over the plan's.</b> If two layers ask for one tensor, or
 *       for one variable, and one of them fixes the format, calibration takes that format, so that
 *       the plan satisfies both.
 * </ul>
 */
@NullMarked
package org.slimquant.calibration;

import org.jspecify.annotations.NullMarked;
