package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Generic<T extends Number & Comparable<? super T>, S extends Generic<T, S>> {

  Generic(T limit) {}

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(Operand<TFloat32> x, T limit, S self) {
    return x;
  }
}
