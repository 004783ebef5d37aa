package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOuter_Mixin implements Outer.Mixin {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedOuter_Mixin(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> conv1(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        Outer.Mixin.super.conv1(quantizer.input(x)));
  }
}
