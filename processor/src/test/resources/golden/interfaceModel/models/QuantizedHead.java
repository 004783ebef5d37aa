package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
abstract class QuantizedHead implements Head {
  private static final QuantizedLayer DENSE = QuantizedLayer.of(
      "dense", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedHead(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> dense(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, DENSE, () ->
        Head.super.dense(quantizer.input(x)));
  }
}
