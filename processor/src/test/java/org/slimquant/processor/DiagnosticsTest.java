package org.slimquant.processor;

import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
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
          > error at class: [QuantModel] a model must be open to a subclass, but Model is final
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
          > error at class: [QuantModel] a model must be visible in its package, but Model is private
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
          > error at class: [QuantModel] a model must be visible in its package, but Middle is private
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
          > error at class: [QuantModel] a nested model must be static, but Model is an inner class of Outer
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
          > error at {: [QuantModel] a model must be visible in its package, but this class is anonymous
                  @QuantInt8(frac = -7)
                  Operand<TFloat32> conv1(Operand<TFloat32> x) {
                    return x;
                  }

                  @Override
                  public void run() {}
                };

            {
              class InInitializer {
          > error at class: [QuantModel] a model must be visible in its package, but InInitializer is local
                @QuantInt8(frac = -7)
                Operand<TFloat32> conv1(Operand<TFloat32> x) {
                  return x;
                }
              }
            }

            void run() {
              class Local {
          > error at class: [QuantModel] a model must be visible in its package, but Local is local
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
    void localRecord() {
      AnnotatedSource.check(
          """
          class Outer {
            void run() {
              record Local(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
          > error at record: [QuantModel] a model must be visible in its package, but Local is local
            }
          }
          """);
    }

    @Test
    void localClassWithQualifiedAnnotation() {
      String source =
          """
          package models;

          class Outer {
            void run() {
              class Local {
                @org.slimquant.annotations.QuantInt8(frac = -7)
                void conv1() {}
              }
            }
          }
          """;

      Compilation compilation =
          javac()
              .withProcessors(new QuantInt8Processor())
              .compile(JavaFileObjects.forSourceString("models.Outer", source));

      assertThat(compilation)
          .hadErrorContaining(
              "[QuantModel] a model must be visible in its package, but Local is local")
          .inFile(JavaFileObjects.forSourceString("models.Outer", source))
          .onLineContaining("class Local");
      assertThat(compilation).hadErrorCount(1);
    }

    @Test
    void annotationOfAnotherPackageWithOurName() {
      AnnotatedSource.check(
          """
          class Outer {
            void run() {
              class Local {
                @other.QuantInt8
                void conv1() {}
              }
            }
          }
          """,
          JavaFileObjects.forSourceString(
              "other.QuantInt8", "package other; public @interface QuantInt8 {}"));
    }

    @Test
    void enumWithLayer() {
      AnnotatedSource.check(
          """
          enum Model {
          > error at enum: [QuantModel] a model must be a class or an interface, but Model is an enum
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
          > error at record: [QuantModel] a model must be a class or an interface, but Model is a record
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
          > error at interface: [QuantModel] a model must be a class or an interface, but Model is an annotation interface
            @QuantInt8(frac = -7)
            int conv1();
          > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
          > error at conv1: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but conv1 returns int
          }
          """);
    }

    @Test
    void sealedClass() {
      AnnotatedSource.check(
          """
          sealed class Model permits Small, Large {
          > error at class: [QuantModel] a sealed model must permit QuantizedModel, but Model permits Small, Large
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
          > error at class: [QuantModel] a model must have a constructor that a subclass can call, but all those of Model are private or take private types
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
          > error at class: [QuantModel] a model must have a constructor that a subclass can call, but all those of Model are private or take private types
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
          > error at class: [QuantModel] the name QuantizedModel must be free, but there is such a class already
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
          > error at class: [QuantModel] the name QuantizedOuter_Model must be free, but there is such a class already
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
          > error at conv1: [QuantLayer] a layer must be visible to a subclass, but conv1 is private
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
          > error at conv1: [QuantLayer] a layer must be an instance method, but conv1 is static
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
          > error at conv1: [QuantLayer] a layer must be open to an override, but conv1 is final
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
          > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
          }

          interface Mixin {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x);
          > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
          }

          abstract class Again extends Base {
            @Override
            @QuantInt8(frac = -7)
            abstract Operand<TFloat32> conv1(Operand<TFloat32> x);
          > error at conv1: [QuantLayer] a layer must have a body, but conv1 is abstract
          }

          class Base {
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
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
          > error at doubles: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but doubles returns Operand<TFloat64>
              return null;
            }

            @QuantInt8(frac = -7)
            org.tensorflow.Output<TFloat32> output(Operand<TFloat32> x) {
          > error at output: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but output returns Output<TFloat32>
              return null;
            }

            @QuantInt8(frac = -7)
            Operand<? extends TFloat32> wildcard(Operand<TFloat32> x) {
          > error at wildcard: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but wildcard returns Operand<? extends TFloat32>
              return null;
            }

            @QuantInt8(frac = -7)
            Operand<F> variable(Operand<TFloat32> x) {
          > error at variable: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but variable returns Operand<F>
              return null;
            }

            @QuantInt8(frac = -7)
            @SuppressWarnings("rawtypes")
            Operand raw(Operand<TFloat32> x) {
          > error at raw: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but raw returns Operand
              return null;
            }

            @QuantInt8(frac = -7)
            void nothing(Operand<TFloat32> x) {}
          > error at nothing: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but nothing returns void

            @QuantInt8(frac = -7)
            float[] array(Operand<TFloat32> x) {
          > error at array: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but array returns float[]
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
          > error at conv1: [QuantLayer] a layer must have a name of its own, but Model has two layers named conv1
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
          > error at conv1: [QuantLayer] the types of a layer must be visible to a subclass, but Options of conv1 is not
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
          > error at größe: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is größe
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> $conv(Operand<TFloat32> x) {
          > error at $conv: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is $conv
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> _conv(Operand<TFloat32> x) {
          > error at _conv: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is _conv
              return x;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv_1(@QuantInt8(frac = -7) Operand<TFloat32> x$) {
          > error at x$: [QuantName] an input's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is x$
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
          > error at integers: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but integers is of type Operand<TInt32>
                @QuantInt8(frac = -7) int stride,
          > error at stride: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but stride is of type int
                @QuantInt8(frac = -7) org.tensorflow.Output<TFloat32> output,
          > error at output: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but output is of type Output<TFloat32>
          > error at output: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is output
                @QuantInt8(frac = -7) Operand<TFloat32>... rest) {
          > error at rest: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but rest is of type Operand<TFloat32>[]
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
          > error at kernel: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is kernel
              return kernel;
            }

            @QuantInt8(frac = -7)
            Operand<TFloat32> conv2(@QuantInt8(frac = -7) Operand<TFloat32> output) {
          > error at output: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is output
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
          > error at 9: [QuantInput] an input must have one format, of bits and frac, but x has kernelBits
          > error at -6: [QuantInput] an input must have one format, of bits and frac, but x has kernelFrac
                @QuantInt8(frac = -7, outputFrac = -6, outputBits = 9) Operand<TFloat32> y) {
          > error at 9: [QuantInput] an input must have one format, of bits and frac, but y has outputBits
          > error at -6: [QuantInput] an input must have one format, of bits and frac, but y has outputFrac
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
          > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a constructor

            Operand<TFloat32> logits(@QuantInt8(frac = -7) Operand<TFloat32> images) {
          > error at images: [QuantInput] an input must be a parameter of a layer, but images belongs to logits, which is no layer
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
          > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a lambda
          }
          """);
    }

    @Test
    void parameterOfCatchClause() {
      AnnotatedSource.check(
          """
          class Model {
            void run() {
              try {
                run();
              } catch (@QuantInt8(frac = -7) RuntimeException e) {
          > error at e: [QuantInput] an input must be a parameter of a layer, but e belongs to a catch clause
              }
            }
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
          > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to conv1, which is no layer
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
          > error at 1: [QuantRange] bits must be between 2 and 16, but is 1
              return x;
            }

            @QuantInt8(bits = 17, frac = -7, kernelBits = 0, outputBits = -8)
          > error at 17: [QuantRange] bits must be between 2 and 16, but is 17
          > error at 0: [QuantRange] kernelBits must be between 2 and 16, but is 0
          > error at -8: [QuantRange] outputBits must be between 2 and 16, but is -8
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
          > error at -127: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is -127
            Operand<TFloat32> tooFine(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = 121)
          > error at 121: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 121
            Operand<TFloat32> tooCoarse(@QuantInt8(bits = 16, frac = 113) Operand<TFloat32> x) {
          > error at 113: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 113
              return x;
            }

            @QuantInt8(frac = -7, kernelFrac = -127, outputFrac = 121)
          > error at -127: [QuantRange] kernelFrac must be between -126 and 120 for 8 bits to stay within float32, but is -127
          > error at 121: [QuantRange] outputFrac must be between -126 and 120 for 8 bits to stay within float32, but is 121
            Operand<TFloat32> apart(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = QuantInt8.CALIBRATED - 1)
          > error at -: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 2147483646
            Operand<TFloat32> nearlyCalibrated(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(bits = 17)
          > error at 17: [QuantRange] bits must be between 2 and 16, but is 17
            Operand<TFloat32> calibrated(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = QuantInt8.SAME)
          > error at .: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is -2147483648
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
          > error at 16: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 118
          > warning at 118: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 118: steps of 3.323E+35 from -4.220E+37 to 4.220E+37; for steps of 2^-118 write -118
            Operand<TFloat32> kernel(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = 125, outputBits = 16)
          > error at 125: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 125
            Operand<TFloat32> both(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(frac = -7, outputBits = 16, outputFrac = 118)
          > error at 118: [QuantRange] outputFrac must be between -126 and 112 for 16 bits to stay within float32, but is 118
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
          > error at 113: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 113
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
  class PerChannel {

    @Test
    void kernelWithFrac() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8(frac = -7, perChannel = true)
          > error at true: [QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but frac is -7
            Operand<TFloat32> frac(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(perChannel = true, kernelFrac = -9)
          > error at true: [QuantPerChannel] a per-channel kernel must have its fracs from calibration, because one cannot suit channels that differ, but kernelFrac is -9
            Operand<TFloat32> kernelFrac(Operand<TFloat32> x) {
              return x;
            }

            @QuantInt8(perChannel = true, outputFrac = -5)
            Operand<TFloat32> outputFrac(Operand<TFloat32> x) {
              return x;
            }
          }
          """);
    }

    @Test
    void input() {
      AnnotatedSource.check(
          """
          class Model {
            @QuantInt8
            Operand<TFloat32> conv1(@QuantInt8(perChannel = true) Operand<TFloat32> x) {
          > error at true: [QuantInput] an input must have one format, of bits and frac, but x has perChannel
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
          > warning at 7: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 7: steps of 128 from -16256 to 16256; for steps of 2^-7 write -7
            Operand<TFloat32> conv1(
                @QuantInt8(bits = 4, frac = 1, unsignedOutput = true) Operand<TFloat32> x) {
          > warning at 1: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 1: steps of 2 from 0 to 30; for steps of 2^-1 write -1
              return x;
            }

            @QuantInt8(bits = 16, frac = 1, kernelFrac = 30, outputFrac = 100, unsignedOutput = true)
          > warning at 30: [PositiveFrac] kernelFrac must be the exponent of the step, which is seldom positive, but is 30: steps of 1073741824 from -3.518E+13 to 3.518E+13; for steps of 2^-30 write -30
          > warning at 100: [PositiveFrac] outputFrac must be the exponent of the step, which is seldom positive, but is 100: steps of 1.268E+30 from 0 to 8.308E+34; for steps of 2^-100 write -100
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
          > warning at 7: [PositiveFrac] frac must be the exponent of the step, which is seldom positive, but is 7: steps of 128 from -16256 to 16256; for steps of 2^-7 write -7
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

  @Test
  void everythingInOneRun() {
    AnnotatedSource.check(
        """
        final class Model {
        > error at class: [QuantModel] a model must be open to a subclass, but Model is final
        > error at class: [QuantModel] a model must have a constructor that a subclass can call, but all those of Model are private or take private types
          private Model(@QuantInt8(frac = -7) int x) {}
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to a constructor

          @QuantInt8(bits = 32, frac = 1000)
        > error at 32: [QuantRange] bits must be between 2 and 16, but is 32
        > error at 1000: [QuantRange] frac must be between -126 and 112 for 16 bits to stay within float32, but is 1000
          private static final Operand<TFloat64> _conv1(@QuantInt8(bits = 64, frac = 7) float kernel) {
        > error at _conv1: [QuantLayer] a layer must be visible to a subclass, but _conv1 is private
        > error at _conv1: [QuantLayer] a layer must be an instance method, but _conv1 is static
        > error at _conv1: [QuantLayer] a layer must be open to an override, but _conv1 is final
        > error at _conv1: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but _conv1 returns Operand<TFloat64>
        > error at _conv1: [QuantName] a layer's name must start with an ASCII letter and go on with letters, digits and _, so that an op can have it, but is _conv1
        > error at kernel: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but kernel is of type float
        > error at kernel: [QuantName] an input's name must not be kernel, bias or output, which are other tensors of its layer, but is kernel
        > error at 64: [QuantRange] bits must be between 2 and 16, but is 64
            return null;
          }
        }

        class Other {
          void run(@QuantInt8(frac = -7) Operand<TFloat32> x) {}
        > error at x: [QuantInput] an input must be a parameter of a layer, but x belongs to run, which is no layer
        }
        """);
  }
}
