package models;

import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

public class Outer {

  public static class Open {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }

  protected static class Protected {
    @QuantInt8(frac = -7)
    Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }

  static class Hidden {
    public static class Deep {
      @QuantInt8(frac = -7)
      Operand<TFloat32> conv1(Operand<TFloat32> x, Deep deep, Protected other) {
        return x;
      }
    }
  }

  interface Mixin {
    @QuantInt8(frac = -7)
    default Operand<TFloat32> conv1(Operand<TFloat32> x) {
      return x;
    }
  }
}
