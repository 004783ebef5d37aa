package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Base {
  @QuantInt8(frac = -7, outputFrac = -4)
  Operand<TFloat32> stem(Operand<TFloat32> x) {
    return x;
  }
}
