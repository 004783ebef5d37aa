package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedGenericBase<T> extends GenericBase<T> {
  private static final QuantizedLayer CONV0 = QuantizedLayer.of(
      "conv0", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV0_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedGenericBase(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> conv0(Operand<TFloat32> x, T options) {
    return GraphQuantizer.layer(quantizer, CONV0, () ->
        super.conv0(quantizer.input(CONV0_X, x), options));
  }
}
