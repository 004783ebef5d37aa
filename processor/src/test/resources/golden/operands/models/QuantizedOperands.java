package models;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.annotation.processing.Generated;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.QuantizedInput;
import org.slimquant.runtime.QuantizedLayer;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.core.Split;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

@Generated("org.slimquant.processor.QuantInt8Processor")
final class QuantizedOperands<N extends TNumber> extends Operands<N> {
  private static final QuantizedLayer SINGLE = QuantizedLayer.of(
      "single", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedInput SINGLE_QUANTIZED = new QuantizedInput(
      "quantized", FixedPoint.signed(8, -7));

  private static final QuantizedLayer SEVERAL = QuantizedLayer.of(
      "several", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private static final QuantizedLayer NONE = QuantizedLayer.of(
      "none", FixedPoint.signed(8, -7), FixedPoint.signed(8, -7));

  private final GraphQuantizer quantizer;

  QuantizedOperands(GraphQuantizer quantizer) {
    this.quantizer = quantizer;
  }

  @Override
  <T extends TType, O extends Operand<T>, B extends Comparable<B> & Operand<T>> Operand<TFloat32> single(
      Operand<TFloat32> quantized, Operand<TInt32> integers, Operand<? extends TNumber> any,
      Operand<?> unknown, Operand<T> generic, Operand<N> ofClass, Output<TFloat32> output,
      Variable<TFloat32> variable, O variableType, B bounded) {
    return GraphQuantizer.layer(quantizer, SINGLE, () ->
        super.single(quantizer.input(SINGLE_QUANTIZED, quantized), quantizer.input(integers),
              quantizer.input(any), quantizer.input(unknown), quantizer.input(generic),
              quantizer.input(ofClass), quantizer.input(output), quantizer.input(variable),
              quantizer.input(variableType), quantizer.input(bounded)));
  }

  @Override
  @SuppressWarnings("unchecked")
  <O extends Operand<TFloat32>> Operand<TFloat32> several(Operand<TFloat32>[] array,
      Operand<?>[] unknown, List<Operand<TFloat32>> list,
      Collection<? extends Operand<TFloat32>> collection, Iterable<O> iterable,
      Split<TFloat32> split, O... rest) {
    return GraphQuantizer.layer(quantizer, SEVERAL, () ->
        super.several(quantizer.inputs(array), quantizer.inputs(unknown), quantizer.inputs(list),
              quantizer.inputs(collection), quantizer.inputs(iterable), quantizer.inputs(split),
              quantizer.inputs(rest)));
  }

  @Override
  Operand<TFloat32> none(Object object, List<?> things, List<List<Operand<TFloat32>>> lists,
      Operand<TFloat32>[][] arrays, Map<String, Operand<TFloat32>> map) {
    return GraphQuantizer.layer(quantizer, NONE, () ->
        super.none(object, things, lists, arrays, map));
  }
}
