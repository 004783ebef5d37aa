package org.slimquant.processor;

import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import org.junit.jupiter.api.Test;

/** Messages about a model. */
class ModelDiagnosticsTest {

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
            .withProcessors(Compilations.processors())
            .compile(JavaFileObjects.forSourceString("models.Outer", source));

    assertThat(compilation)
        .hadErrorContaining(
            "[QuantModel] a model must be visible in its package, but Local is local")
        .inFile(JavaFileObjects.forSourceString("models.Outer", source))
        .onLineContaining("class Local");
    assertThat(compilation).hadErrorCount(1);
  }

  /** Gradle runs processors like this. */
  @Test
  void localClassInAWrappedEnvironment() {
    Compilation compilation =
        javac()
            .withProcessors(new RecordingProcessor(new LocalModelsProcessor(), false))
            .compile(
                JavaFileObjects.forSourceString(
                    "models.Outer",
                    """
                    package models;

                    class Outer {
                      void run() {
                        class Local {
                          @org.slimquant.annotations.QuantInt8
                          void conv1() {}
                        }
                      }
                    }
                    """));

    assertThat(compilation)
        .hadErrorContaining(
            "[QuantModel] a model must be visible in its package, but Local is local");
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
        > error at conv1: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but conv1 returns int
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
