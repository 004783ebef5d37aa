package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

public interface Residual extends Head {

  @QuantInt8(frac = -7)
  default Operand<TFloat32> add(Operand<TFloat32> x, Operand<TFloat32> y) {
    return ops().math.add(x, y);
  }

  @Override
  boolean equals(Object other);

  @Override
  default Ops ops() {
    return null;
  }
}
