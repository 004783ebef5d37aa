package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Closeables {

  @SuppressWarnings("try")
  static class Interruptible implements AutoCloseable {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }

    @Override
    public void close() throws Exception {}
  }

  static class Quiet implements AutoCloseable {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }

    @Override
    public void close() {}
  }
}
