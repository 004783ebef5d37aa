package base;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
public final class QuantizedStem<T> implements Stem<T> {
  private static final QuantizedLayer STEM = QuantizedLayer.of(
      "stem", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  public QuantizedStem(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> stem(Operand<TFloat32> x, T options) {
    return GraphQuantizer.layer(quantizer, STEM, () ->
        Stem.super.stem(quantizer.input(x), options));
  }
}
