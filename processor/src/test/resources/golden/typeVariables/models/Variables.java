package models;

import java.util.List;
import java.util.Map;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Variables {

  static class Base<T> {
    @QuantInt8(frac = -7)
    <U extends List<T>, V> Operand<TFloat32> conv1(Operand<TFloat32> x, Map<T, U> map, V v) {
      return x;
    }
  }

  static class Model<U, U_> extends Base<U> {
    @QuantInt8(frac = -7)
    <U extends Comparable<U>> Operand<TFloat32> conv2(Operand<TFloat32> x, U own, U_ ofClass) {
      return x;
    }
  }
}
