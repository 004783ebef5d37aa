package base;

import java.util.List;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
public final class QuantizedBase<T, L extends List<? extends T>> extends Base<T, L> {
  private static final QuantizedLayer STEM = QuantizedLayer.of(
      "stem", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer ZETA = QuantizedLayer.of(
      "zeta", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput ZETA_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private static final QuantizedLayer ALPHA = QuantizedLayer.of(
      "alpha", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer DROPPED = QuantizedLayer.of(
      "dropped", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer REDONE = QuantizedLayer.of(
      "redone", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  protected QuantizedBase(T options, GraphQuantizer quantizer) {
    super(options);
    this.quantizer = quantizer;
  }

  @Override
  public Operand<TFloat32> stem(Operand<TFloat32> x, T options) {
    return GraphQuantizer.layer(quantizer, STEM, () ->
        super.stem(quantizer.input(x), options));
  }

  @Override
  protected Operand<TFloat32> zeta(Operand<TFloat32> x, T options, L all) {
    return GraphQuantizer.layer(quantizer, ZETA, () ->
        super.zeta(quantizer.input(ZETA_X, x), options, all));
  }

  @Override
  public Operand<TFloat32> alpha(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, ALPHA, () ->
        super.alpha(quantizer.input(x)));
  }

  @Override
  protected Operand<TFloat32> dropped(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, DROPPED, () ->
        super.dropped(quantizer.input(x)));
  }

  @Override
  protected Operand<TFloat32> redone(Operand<TFloat32> x) {
    return GraphQuantizer.layer(quantizer, REDONE, () ->
        super.redone(quantizer.input(x)));
  }
}
