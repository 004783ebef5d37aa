/**
 * The number formats of quantized tensors, and the requests of annotations for a format.
 *
 * <pre>{@code
 * Format          FixedPoint (one step), PerChannel (a step for each channel of a kernel),
 *                 BiasFormat (32 bits, on the grid of an accumulator)
 * FormatRequest   FixedPoint, PerChannel, Calibrated (calibration finds it), Planned (a plan had it
 *                 when the model was compiled)
 * }</pre>
 *
 * <ul>
 *   <li><b>One format for training and for integers.</b> {@link
 *       org.slimquant.format.FixedPoint#quantize} is where the rounding is defined: fake quants,
 *       the engine, the exporters and their tests all follow it.
 *   <li><b>The range is a little smaller than that of float32.</b> TensorFlow's op computes {@code
 *       max - min}, which must be finite too; with an exponent of {@code 129 - bits} it returns
 *       NaN.
 * </ul>
 */
@NullMarked
package org.slimquant.format;

import org.jspecify.annotations.NullMarked;
