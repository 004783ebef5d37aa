package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedRawInner extends RawInner {
  private static final QuantizedLayer CONV0 = QuantizedLayer.of(
      "conv0", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV0_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedRawInner(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"})
  Operand conv0(Operand x, Object options) {
    return GraphQuantizer.layer(quantizer, CONV0, () ->
        super.conv0(quantizer.input(CONV0_X, x), options));
  }

  @Override
  @SuppressWarnings("rawtypes")
  Operand<TFloat32> conv1(Operand<TFloat32> x, GenericBase.Options options) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), options));
  }
}
