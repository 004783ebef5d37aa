package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedBase extends Base {
  private static final QuantizedLayer STEM = QuantizedLayer.of(
      "stem", FixedPoint.signed(8, -7), FixedPoint.signed(8, -4));

  private final GraphQuantizer quantizer;

  QuantizedBase(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> stem(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, STEM, () ->
        super.stem(quantizer.input(x)));
  }
}
