package models;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;
import org.slimquant.annotations.QuantInt8;
import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

class Hidden {

  @QuantInt8(frac = -7)
  Operand<TFloat32> conv1(
      @Secret Operand<TFloat32> x,
      @Named(value = Options.class, others = String.class) String hidden,
      @Named(value = String.class, others = Options.class) String hiddenInArray,
      @Named(value = String.class, others = String.class) String shown) {
    return x;
  }

  @Target(ElementType.TYPE_USE)
  private @interface Secret {}

  @Target(ElementType.TYPE_USE)
  @interface Named {
    Class<?> value();

    Class<?>[] others();
  }

  private static class Options {}
}
