package models;

import java.util.List;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedModel extends Model {
  private static final QuantizedLayer STEM = QuantizedLayer.of(
      "stem", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer ZETA = QuantizedLayer.of(
      "zeta", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput ZETA_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private static final QuantizedLayer ALPHA = QuantizedLayer.of(
      "alpha", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer OWN = QuantizedLayer.of(
      "own", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer REDONE = QuantizedLayer.of(
      "redone", FixedPoint.signed(8, -5), FixedPoint.signed(8, -5));

  private final GraphQuantizer quantizer;

  QuantizedModel(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> stem(Operand<TFloat32> x, String options) {
    return GraphQuantizer.layer(quantizer, STEM, () ->
        super.stem(quantizer.input(x), options));
  }

  @Override
  protected Operand<TFloat32> zeta(Operand<TFloat32> x, String options, List<String> all) {
    return GraphQuantizer.layer(quantizer, ZETA, () ->
        super.zeta(quantizer.input(ZETA_X, x), options, all));
  }

  @Override
  public Operand<TFloat32> alpha(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, ALPHA, () ->
        super.alpha(quantizer.input(x)));
  }

  @Override
  Operand<TFloat32> own(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, OWN, () ->
        super.own(quantizer.input(x)));
  }

  @Override
  protected Operand<TFloat32> redone(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, REDONE, () ->
        super.redone(quantizer.input(x)));
  }
}
