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
@SuppressWarnings({"rawtypes", "serial"})
final class QuantizedRaw<T extends Comparable> extends Raw<T> {
  private static final QuantizedLayer CONV0 = QuantizedLayer.of(
      "conv0", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput CONV0_X = new QuantizedInput(
      "x", FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV1 = QuantizedLayer.of(
      "conv1", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV2 = QuantizedLayer.of(
      "conv2", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV3 = QuantizedLayer.of(
      "conv3", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer CONV4 = QuantizedLayer.of(
      "conv4", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedRaw(List options, GraphQuantizer quantizer) {
    super(options);
    this.quantizer = quantizer;
  }

  @Override
  @SuppressWarnings("unchecked")
  Operand conv0(Operand x, Object options) {
    return GraphQuantizer.layer(quantizer, CONV0, () ->
        super.conv0(quantizer.input(CONV0_X, x), options));
  }

  @Override
  Operand<TFloat32> conv1(Operand<TFloat32> x, Operand raw, List<Class> classes) {
    return GraphQuantizer.layer(quantizer, CONV1, () ->
        super.conv1(quantizer.input(x), quantizer.input(raw), classes));
  }

  @Override
  @SuppressWarnings("unchecked")
  Operand<TFloat32> conv2(Operand<TFloat32> x, List<T>... lists) {
    return GraphQuantizer.layer(quantizer, CONV2, () ->
        super.conv2(quantizer.input(x), lists));
  }

  @Override
  Operand<TFloat32> conv3(Operand<TFloat32> x, List<?>... lists) {
    return GraphQuantizer.layer(quantizer, CONV3, () ->
        super.conv3(quantizer.input(x), lists));
  }

  @Override
  Operand<TFloat32> conv4(List<Operand> list, Operand[] array, List raw) {
    return GraphQuantizer.layer(quantizer, CONV4, () ->
        super.conv4(list, quantizer.inputs(array), raw));
  }
}
