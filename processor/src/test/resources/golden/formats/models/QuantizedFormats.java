package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedFormats extends Formats {
  private static final QuantizedLayer DEFAULTS = QuantizedLayer.of(
      "defaults", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer OUTPUT = QuantizedLayer.of(
      "output", FixedPoint.signed(16, -12), FixedPoint.unsigned(16, -10));

  private static final QuantizedInput OUTPUT_X = new QuantizedInput(
      "x", FixedPoint.unsigned(4, -3));

  private static final QuantizedLayer KERNEL_BITS = QuantizedLayer.withKernel(
      "kernelBits", FixedPoint.signed(4, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer KERNEL_FRAC = QuantizedLayer.withKernel(
      "kernelFrac", FixedPoint.signed(8, -9), FixedPoint.signed(8, -7));

  private static final QuantizedLayer LIMITS = QuantizedLayer.of(
      "limits", FixedPoint.signed(2, -126), FixedPoint.signed(16, -126));

  private static final QuantizedLayer OTHER_LIMITS = QuantizedLayer.of(
      "otherLimits", FixedPoint.signed(2, 126), FixedPoint.signed(16, 112));

  private final GraphQuantizer quantizer;

  QuantizedFormats(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> defaults(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, DEFAULTS, () ->
        super.defaults(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> output(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, OUTPUT, () ->
        super.output(quantizer.input(OUTPUT_X, x)));
  }

  @Override
  Operand<TFloat32> kernelBits(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, KERNEL_BITS, () ->
        super.kernelBits(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, KERNEL_FRAC, () ->
        super.kernelFrac(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> limits(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, LIMITS, () ->
        super.limits(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> otherLimits(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, OTHER_LIMITS, () ->
        super.otherLimits(quantizer.input(x)));
  }
}
