package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class AbstractModels {

  abstract static class Open {
    abstract int classes();

    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }

  abstract static class Closed extends Open implements Comparable<Closed> {
    @Override
    int classes() {
      return 10;
    }

    @Override
    public int compareTo(Closed other) {
      return 0;
    }

    @QuantInt8(frac = -7)
    Operand<TFloat32> conv2(Operand<TFloat32> x) {
      return x;
    }
  }

  abstract static class Runner implements Runnable {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }

  abstract static class Reopened extends Closed {
    @Override
    abstract int classes();

    @Override
    abstract Operand<TFloat32> conv2(Operand<TFloat32> x);

    @Override
    public abstract String toString();

    @QuantInt8(frac = -7)
    Operand<TFloat32> conv3(Operand<TFloat32> x) {
      return x;
    }
  }
}
