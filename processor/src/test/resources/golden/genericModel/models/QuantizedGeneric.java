package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedGeneric<T extends Number & Comparable<? super T>, S extends Generic<T, S>> extends Generic<T, S> {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedGeneric(T limit, GraphQuantizer quantizer) {
    super(limit);
    this.quantizer = quantizer;
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> x, T limit, S self) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), limit, self));
  }
}
