package models;

import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedVariables_Base<T> extends Variables.Base<T> {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedVariables_Base(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  <U extends List<T>, V> Operand<TFloat32> conv1(Operand<TFloat32> x, Map<T, U> map, V v) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), map, v));
  }
}
