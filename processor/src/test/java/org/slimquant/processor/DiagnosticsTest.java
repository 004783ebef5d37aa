package org.slimquant.processor;

import com.google.testing.compile.JavaFileObjects;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Every message, with its text and its place. */
class DiagnosticsTest {

  @Nested
  class Model {

    @Test
    void finalClass() {
      AnnotatedSource.check(
          """
          final class Model {
          > error at Model: [QuantModel] a model must be open to a subclass, but Model is final
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void privateClass() {
      AnnotatedSource.check(
          """
          class Outer {
            private static class Model {
          > error at Model: X
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
          }
          """);
    }

    @Test
    void classInPrivateClass() {
      AnnotatedSource.check(
          """
          class Outer {
            private static class Middle {
              static class Model {
          > error at Model: X
                @QuantInt8(frac = -7)
                Operand<TFloat32> conv1(Operand<TFloat32> x) {
                  return x;
                }
              }
            }
          }
          """);
    }

    @Test
    void innerClass() {
      AnnotatedSource.check(
          """
          class Outer {
            class Model {
          > error at Model: X
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
          }
          """);
    }

    @Test
    void localClass() {
      AnnotatedSource.check(
          """
          class Outer {
            final Runnable field =
                new Runnable() {
          > error at X: X
                  @QuantInt8(frac = -7)
                  Operand<TFloat32> conv1(Operand<TFloat32> x) {
                    return x;
                  }

                  @Override
                  public void run() {}
                };

            {
              class InInitializer {
          > error at class: X
                @QuantInt8(frac = -7)
                Operand<TFloat32> conv1(Operand<TFloat32> x) {
                  return x;
                }
              }
            }

            void run() {
              class Local {
          > error at class: X
                void conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
              }
              class Harmless {
                @Override
                public String toString() {
                  return "";
                }
              }
            }
          }
          """);
    }

    @Test
    void enumWithLayer() {
      AnnotatedSource.check(
          """
          enum Model {
          > error at Model: X
            SMALL;

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void recordWithLayer() {
      AnnotatedSource.check(
          """
          record Model(int classes) {
          > error at Model: X
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void annotationWithLayer() {
      AnnotatedSource.check(
          """
          @interface Model {
          > error at Model: X
            @QuantInt8(frac = -7)
            int conv1();
          > error at conv1: X
          }
          """);
    }

    @Test
    void sealedClass() {
      AnnotatedSource.check(
          """
          sealed class Model permits Small, Large {
          > error at Model: X
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }

          final class Small extends Model {}

          final class Large extends Model {}
          """);
    }

    @Test
    void privateConstructors() {
      AnnotatedSource.check(
          """
          class Model {
          > error at Model: X
            private Model() {}

            private Model(int classes) {}

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void constructorWithPrivateType() {
      AnnotatedSource.check(
          """
          class Model {
          > error at Model: X
            Model(List<Options> options) {}

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }

            private static class Options {}
          }
          """);
    }

    @Test
    void generatedNameIsTaken() {
      AnnotatedSource.check(
          """
          class Model {
          > error at Model: X
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }

          class QuantizedModel {}
          """);
    }

    @Test
    void twoModelsWithOneGeneratedName() {
      AnnotatedSource.check(
          """
          class Outer {
            static class Model {
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
          }

          class Outer_Model {
          > error at Outer_Model: X
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }
  }

  @Nested
  class Layer {

    @Test
    void privateMethod() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            private Operand<TFloat32> conv1(Operand<TFloat32> x) {
          > error at conv1: X
              return x;
            }
          }
          """);
    }

    @Test
    void staticMethod() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            static Operand<TFloat32> conv1(Operand<TFloat32> x) {
          > error at conv1: X
              return x;
            }
          }
          """);
    }

    @Test
    void finalMethod() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            final Operand<TFloat32> conv1(Operand<TFloat32> x) {
          > error at conv1: X
              return x;
            }
          }
          """);
    }

    @Test
    void abstractMethod() {
      AnnotatedSource.check(
          """
          abstract class Model {
            @QuantInt8(frac = -7)
            abstract Operand<TFloat32> conv1(Operand<TFloat32> x);
          > error at conv1: X
          }

          interface Mixin {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x);
          > error at conv1: X
          }
          """);
    }

    @Test
    void otherReturnTypes() {
      AnnotatedSource.check(
          """
          class Model<F extends TFloat32> {
            @QuantInt8(frac = -7)
            Operand<TFloat64> doubles(Operand<TFloat32> x) {
          > error at doubles: X
              return null;
            }

            @QuantInt8(frac = -7)
            org.tensorflow.Output<TFloat32> output(Operand<TFloat32> x) {
          > error at output: X
              return null;
            }

            @QuantInt8(frac = -7)
            Operand<? extends TFloat32> wildcard(Operand<TFloat32> x) {
          > error at wildcard: X
              return null;
            }

            @QuantInt8(frac = -7)
            Operand<F> variable(Operand<TFloat32> x) {
          > error at variable: X
              return null;
            }

            @QuantInt8(frac = -7)
            @SuppressWarnings("rawtypes")
            Operand raw(Operand<TFloat32> x) {
          > error at raw: X
              return null;
            }

            @QuantInt8(frac = -7)
            void nothing(Operand<TFloat32> x) {}
          > error at nothing: X

            @QuantInt8(frac = -7)
            float[] array(Operand<TFloat32> x) {
          > error at array: X
              return null;
            }
          }
          """);
    }

    @Test
    void overloads() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x, int stride) {
          > error at conv1: X
              return x;
            }
          }
          """);
    }

    @Test
    void privateParameterType() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x, List<Options[]> options) {
          > error at conv1: X
              return x;
            }

            private static class Options {}
          }
          """);
    }

    @Test
    void nameThatNoOpCanHave() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> größe(Operand<TFloat32> x) {
          > error at größe: X
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> $conv(Operand<TFloat32> x) {
          > error at $conv: X
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> _conv(Operand<TFloat32> x) {
          > error at _conv: X
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv_1(@QuantInt8(frac = -7) Operand<TFloat32> x$) {
          > error at x$: X
              return x$;
            }
          }
          """);
    }
  }

  @Nested
  class Input {

    @Test
    void otherTypes() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(
                @QuantInt8(frac = -7) Operand<TInt32> integers,
          > error at integers: X
                @QuantInt8(frac = -7) int stride,
          > error at stride: X
                @QuantInt8(frac = -7) org.tensorflow.Output<TFloat32> output,
          > error at output: X
          > error at output: X
                @QuantInt8(frac = -7) Operand<TFloat32>... rest) {
          > error at rest: X
              return null;
            }
          }
          """);
    }

    @Test
    void namedLikeAnotherSite() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> kernel) {
          > error at kernel: X
              return kernel;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv2(@QuantInt8(frac = -7) Operand<TFloat32> output) {
          > error at output: X
              return output;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv3(Operand<TFloat32> kernel) {
              return kernel;
            }
          }
          """);
    }

    @Test
    void severalFormats() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(
                @QuantInt8(frac = -7, kernelFrac = -6, kernelBits = 9) Operand<TFloat32> x,
          > error at 9: X
          > error at -6: X
                @QuantInt8(frac = -7, outputFrac = -6, outputBits = 9) Operand<TFloat32> y) {
          > error at 9: X
          > error at -6: X
              return x;
            }
          }
          """);
    }

    @Test
    void parameterOfNoLayer() {
      AnnotatedSource.check(
          """
          class Model {
            Model(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
          > error at x: X

            Operand<TFloat32> logits(@QuantInt8(frac = -7) Operand<TFloat32> images) {
          > error at images: X
              return images;
            }
          }
          """);
    }

    @Test
    void parameterOfLambda() {
      AnnotatedSource.check(
          """
          class Model {
            final java.util.function.UnaryOperator<Operand<TFloat32>> layer =
                (@QuantInt8(frac = -7) Operand<TFloat32> x) -> x;
          > error at x: X
          }
          """);
    }

    @Test
    void parameterOfOverride() {
      AnnotatedSource.check(
          """
          class Base {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {
              return x;
            }
          }

          class Model extends Base {
            @Override
            Operand<TFloat32> conv1(@QuantInt8(frac = -7) Operand<TFloat32> x) {
          > error at x: X
              return x;
            }
          }
          """);
    }
  }

  @Nested
  class Range {

    @Test
    void bits() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(bits = 32, frac = -7)
          > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
            Operand<TFloat32> conv1(@QuantInt8(bits = 1, frac = -7) Operand<TFloat32> x) {
          > error at 1: X
              return x;
            }

            @QuantInt8(bits = 17, frac = -7, kernelBits = 0, outputBits = -8)
          > error at 17: X
          > error at 0: X
          > error at -8: X
            Operand<TFloat32> conv2(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void frac() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -127)
          > error at -127: X
            Operand<TFloat32> tooFine(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = 121)
          > error at 121: X
            Operand<TFloat32> tooCoarse(@QuantInt8(bits = 16, frac = 113) Operand<TFloat32> x) {
          > error at 113: X
              return x;
            }

            @QuantInt8(frac = -7, kernelFrac = -127, outputFrac = 121)
          > error at -127: X
          > error at 121: X
            Operand<TFloat32> apart(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = QuantInt8.SAME)
          > error at QuantInt8: X
            Operand<TFloat32> same(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void bitsThatFracDoesNotSuit() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = 118, kernelBits = 16)
          > warning at 118: X
          > error at 16: X
            Operand<TFloat32> kernel(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = 125, outputBits = 16)
          > error at 125: X
            Operand<TFloat32> both(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = -7, outputBits = 16, outputFrac = 118)
          > error at 118: X
            Operand<TFloat32> output(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void bitsAndFrac() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(bits = 32, frac = 113)
          > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
          > error at 113: X
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void constantsFromElsewhere() {
      AnnotatedSource.check(
          """
          class Model {
            static final int BITS = 64;

            @QuantInt8(bits = BITS, frac = -7)
          > error at BITS: [QuantRange] bits must be between 2 and 16, but is 64
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }
  }

  @Nested
  class PositiveFrac {

    @Test
    void ofAnyFormat() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = 7)
          > warning at 7: X
            Operand<TFloat32> conv1(
                @QuantInt8(bits = 4, frac = 1, unsignedOutput = true) Operand<TFloat32> x) {
          > warning at 1: X
              return x;
            }

            @QuantInt8(bits = 16, frac = 1, kernelFrac = 30, outputFrac = 100, unsignedOutput = true)
          > warning at 30: X
          > warning at 100: X
            Operand<TFloat32> conv2(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = 0)
            Operand<TFloat32> conv3(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void silenced() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = 7)
            @SuppressWarnings({"unchecked", "PositiveFrac"})
            Operand<TFloat32> conv1(@QuantInt8(frac = 7) Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv2(
                @QuantInt8(frac = 7) @SuppressWarnings("PositiveFrac") Operand<TFloat32> x,
                @QuantInt8(frac = 7) @SuppressWarnings("unchecked") Operand<TFloat32> y) {
          > warning at 7: X
              return x;
            }
          }

          @SuppressWarnings("PositiveFrac")
          class Outer {
            static class Model {
              @QuantInt8(frac = 7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
          }
          """);
    }
  }

  @Nested
  class Inherited {

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
          > warning at 7: X
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x, Options options) {
          > error at conv1: X
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
          > error at Model: X
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
          > error at Model: X
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
          > error at conv1: X
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
          > error at Model: X
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv2(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }
  }

  @Test
  void everythingInOneRun() {
    AnnotatedSource.check(
        """
        final class Model {
        > error at Model: [QuantModel] a model must be open to a subclass, but Model is final
        > error at Model: X
          private Model(@QuantInt8(frac = -7) int x) {}
        > error at x: X

          @QuantInt8(bits = 32, frac = 1000)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
        > error at 1000: X
          private static final Operand<TFloat64> _conv1(@QuantInt8(bits = 64, frac = 7) float kernel) {
        > error at _conv1: X
        > error at kernel: X
        > error at 64: X
        > warning at 7: X
            return null;
          }
        }

        class Other {
          void run(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
        > error at x: X
        }
        """);
  }

  @Test
  void annotationWithoutFrac() {
    AnnotatedSource.check(
        """
        class Model {
          @QuantInt8
        > error at @: annotation @QuantInt8 is missing a default value for the element 'frac'
          Operand<TFloat32> conv1(@QuantInt8(bits = 8) Operand<TFloat32> x) {
        > error at @: annotation @QuantInt8 is missing a default value for the element 'frac'
            return x;
          }
        }
        """);
  }
}
