package base;

import java.util.List;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

public abstract class Base<T, L extends List<? extends T>> implements Stem<T> {

  protected Base(T options) {}

  @QuantInt8(frac = -7)
  protected Operand<TFloat32> zeta(@QuantInt8(frac = -7) Operand<TFloat32> x, T options, L all) {
    return x;
  }

  @QuantInt8(frac = -7)
  public Operand<TFloat32> alpha(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  protected Operand<TFloat32> dropped(Operand<TFloat32> x) {
    return x;
  }

  @QuantInt8(frac = -7)
  protected Operand<TFloat32> redone(Operand<TFloat32> x) {
    return x;
  }
}
