package models;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.core.Split;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

class Operands<N extends TNumber> {

  @QuantInt8(frac = -7)
  <T extends TType, O extends Operand<T>, B extends Comparable<B> & Operand<T>>
      Operand<TFloat32> single(
          @QuantInt8(frac = -7) Operand<TFloat32> quantized,
          Operand<TInt32> integers,
          Operand<? extends TNumber> any,
          Operand<?> unknown,
          Operand<T> generic,
          Operand<N> ofClass,
          Output<TFloat32> output,
          Variable<TFloat32> variable,
          O variableType,
          B bounded) {
    return quantized;
  }

  @QuantInt8(frac = -7)
  @SuppressWarnings("unchecked")
  <O extends Operand<TFloat32>> Operand<TFloat32> several(
      Operand<TFloat32>[] array,
      Operand<?>[] unknown,
      List<Operand<TFloat32>> list,
      Collection<? extends Operand<TFloat32>> collection,
      Iterable<O> iterable,
      Split<TFloat32> split,
      O... rest) {
    return array[0];
  }

  @QuantInt8(frac = -7)
  Operand<TFloat32> none(
      Object object,
      List<?> things,
      List<List<Operand<TFloat32>>> lists,
      Operand<TFloat32>[][] arrays,
      Map<String, Operand<TFloat32>> map) {
    return arrays[0][0];
  }
}
