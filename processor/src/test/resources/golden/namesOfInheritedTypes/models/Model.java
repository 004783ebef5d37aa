package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.types.TFloat32;

class Model extends Base {

  @QuantInt8
  org.tensorflow.Operand<TFloat32> conv1(
      org.tensorflow.Operand<TFloat32> x,
      java.lang.String name,
      String nested,
      java.util.Map.@Known Entry<java.lang.Thread.State, Operand> entry,
      Stride inherited,
      models.Stride sibling) {
    return x;
  }
}
