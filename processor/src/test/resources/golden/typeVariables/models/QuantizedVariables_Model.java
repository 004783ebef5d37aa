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
final class QuantizedVariables_Model<U, U_> extends Variables.Model<U, U_> {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV2 = QuantizedLayer.of(
      "conv2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedVariables_Model(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  <U__ extends List<U>, V> Operand<TFloat32> conv1(Operand<TFloat32> x, Map<U, U__> map, V v) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), map, v));
  }

  @Override
  <U extends Comparable<U>> Operand<TFloat32> conv2(Operand<TFloat32> x, U own, U_ ofClass) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.input(x), own, ofClass));
  }
}
