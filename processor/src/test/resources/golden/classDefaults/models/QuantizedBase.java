package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedBase extends Base {
  private static final QuantizedLayer AS_THE_CLASS = QuantizedLayer.of(
      "asTheClass", Calibrated.perChannel(4), Calibrated.signed(6));

  private static final QuantizedInput AS_THE_CLASS_X = new QuantizedInput(
      "x", Calibrated.signed(6));

  private static final QuantizedLayer BITS_GO_BEFORE_KERNEL_BITS = QuantizedLayer.of(
      "bitsGoBeforeKernelBits", Calibrated.perChannel(8), Calibrated.signed(8));

  private static final QuantizedInput BITS_GO_BEFORE_KERNEL_BITS_X = new QuantizedInput(
      "x", Calibrated.signed(12));

  private static final QuantizedLayer OTHERS = QuantizedLayer.of(
      "others", Calibrated.signed(4), Calibrated.of(16));

  private static final QuantizedInput OTHERS_X = new QuantizedInput(
      "x", Calibrated.unsigned(6));

  private static final QuantizedLayer SAME_AS_BITS = QuantizedLayer.of(
      "sameAsBits", Calibrated.perChannel(6), FixedPoint.signed(6, -4));

  private static final QuantizedInput SAME_AS_BITS_X = new QuantizedInput(
      "x", FixedPoint.signed(6, -7));

  private final GraphQuantizer quantizer;

  QuantizedBase(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> asTheClass(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, AS_THE_CLASS, () ->
        super.asTheClass(quantizer.input(AS_THE_CLASS_X, x)));
  }

  @Override
  Operand<TFloat32> bitsGoBeforeKernelBits(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, BITS_GO_BEFORE_KERNEL_BITS, () ->
        super.bitsGoBeforeKernelBits(quantizer.input(BITS_GO_BEFORE_KERNEL_BITS_X, x)));
  }

  @Override
  Operand<TFloat32> others(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, OTHERS, () ->
        super.others(quantizer.input(OTHERS_X, x)));
  }

  @Override
  Operand<TFloat32> sameAsBits(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, SAME_AS_BITS, () ->
        super.sameAsBits(quantizer.input(SAME_AS_BITS_X, x)));
  }
}
