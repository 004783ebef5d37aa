package models;

import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
public final class QuantizedResidual implements Residual {
  private static final QuantizedLayer DENSE = QuantizedLayer.of(
      "dense", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer ADD = QuantizedLayer.of(
      "add", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  public QuantizedResidual(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> dense(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, DENSE, () ->
        Residual.super.dense(quantizer.input(x)));
  }

  @Override
  public Operand<TFloat32> add(Operand<TFloat32> x, Operand<TFloat32> y) {
    return GraphQuantizer.layer(quantizer, ADD, () ->
        Residual.super.add(quantizer.input(x), quantizer.input(y)));
  }
}
