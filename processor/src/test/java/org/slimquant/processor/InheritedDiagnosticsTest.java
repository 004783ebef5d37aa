package org.slimquant.processor;

import com.google.testing.compile.JavaFileObjects;
import org.junit.jupiter.api.Test;

/** Messages about layers that are inherited. */
class InheritedDiagnosticsTest {

  @Test
  void errorsOfBaseInThisCompilation() {
    AnnotatedSource.check(
        """
        class Model extends Base {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }
        }

        class Base {
          @QuantInt8(bits = 32, frac = 7)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }

          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x, Options options) {
        > error at conv1: [QuantLayer] the types of a layer must be visible to a subclass, but Options of conv1 is not
        > error at conv1: [QuantLayer] a layer must have a name of its own, but Base has two layers named conv1
            return x;
          }

          private static class Options {}
        }
        """);
  }

  @Test
  void packagePrivateLayerOfAnotherPackage() {
    AnnotatedSource.check(
        """
        class Model extends base.Base {
        > error at class: [QuantLayer] an inherited layer must be visible to a subclass, but Base.conv0 is package-private in base
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """,
        JavaFileObjects.forSourceString(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv0(Operand<TFloat32> x) {
                return x;
              }
            }
            """));
  }

  @Test
  void typeThatOnlyTheOtherPackageSees() {
    AnnotatedSource.check(
        """
        class Model extends base.Base {
        > error at class: [QuantLayer] the types of a layer must be visible to a subclass, but Options of conv0 is not
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """,
        JavaFileObjects.forSourceString(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              @QuantInt8(frac = -7)
              protected Operand<TFloat32> conv0(Operand<TFloat32> x, Options options) {
                return x;
              }
            }

            class Options {}
            """));
  }

  @Test
  void protectedTypeOfAClassThatIsNoSuperclass() {
    AnnotatedSource.check(
        """
        class Model extends base.Base {
        > error at class: [QuantLayer] the types of a layer must be visible to a subclass, but Options of conv0 is not
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x, Size size) {
            return x;
          }
        }
        """,
        JavaFileObjects.forSourceString(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              protected static class Size {}

              @QuantInt8(frac = -7)
              protected Operand<TFloat32> conv0(Operand<TFloat32> x, Holder.Options options) {
                return x;
              }
            }
            """),
        JavaFileObjects.forSourceString(
            "base.Holder",
            """
            package base;

            public class Holder {
              protected static class Options {}
            }
            """));
  }

  @Test
  void overloadOfInheritedLayer() {
    AnnotatedSource.check(
        """
        class Base {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }

        class Model extends Base {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x, int stride) {
        > error at conv1: [QuantLayer] a layer must have a name of its own, but Model has two layers named conv1
            return x;
          }
        }
        """);
  }

  @Test
  void overloadsFromTwoBases() {
    AnnotatedSource.check(
        """
        interface One {
          @QuantInt8(frac = -7)
          default Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }

        interface Two {
          @QuantInt8(frac = -7)
          default Operand<TFloat32> conv1(Operand<TFloat32> x, int stride) {
            return x;
          }
        }

        class Model implements One, Two {
        > error at class: [QuantLayer] a layer must have a name of its own, but Model has two layers named conv1
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv2(Operand<TFloat32> x) {
            return x;
          }
        }
        """);
  }
}
