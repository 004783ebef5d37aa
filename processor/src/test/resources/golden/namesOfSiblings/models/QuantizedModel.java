package models;

import java.lang.Comparable;
import java.lang.Deprecated;
import java.lang.Exception;
import java.lang.Integer;
import java.lang.Iterable;
import java.lang.String;
import java.lang.SuppressWarnings;
import java.lang.Thread;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.slimquant.format.Calibrated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedModel extends Model {
  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV1_X = new QuantizedInput(
      "x", Calibrated.of(8));

  private static final QuantizedLayer CONV2 = QuantizedLayer.withKernel(
      "conv2", Calibrated.perChannel(8), Calibrated.of(8));

  private final GraphQuantizer quantizer;

  QuantizedModel(Ops tf, String name, Map.Entry<Thread.State, Operand> entry,
      GraphQuantizer quantizer) throws Exception {
    super(tf, name, entry);
    this.quantizer = quantizer;
  }

  @java.lang.Override
  @Deprecated
  @SuppressWarnings("rawtypes")
  org.tensorflow.Operand<TFloat32> conv1(org.tensorflow.Operand<TFloat32> x, Operand format,
      List<Iterable> list) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(CONV1_X, x), format, list));
  }

  @java.lang.Override
  <Override extends Comparable<Override>> org.tensorflow.Operand<TFloat32> conv2(
      Iterable<org.tensorflow.Operand<TFloat32>> all, Override order, Integer... counts) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.inputs(all), order, counts));
  }
}
