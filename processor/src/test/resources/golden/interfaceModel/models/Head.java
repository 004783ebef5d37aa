package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

interface Head {

  Ops ops();

  @QuantInt8(frac = -7)
  default Operand<TFloat32> dense(Operand<TFloat32> x) {
    return ops().nn.relu(x);
  }
}
