package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.types.TFloat32;

class Operand {

  @QuantInt8
  org.tensorflow.Operand<TFloat32> conv1(@QuantInt8 org.tensorflow.Operand<TFloat32> x) {
    return x;
  }
}
