package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static org.slimquant.processor.Compilations.classPath;
import static org.slimquant.processor.Compilations.compile;
import static org.slimquant.processor.Compilations.generated;
import static org.slimquant.processor.Compilations.messages;
import static org.slimquant.processor.Compilations.source;
import static org.slimquant.processor.Compilations.tiny;

import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;

/** Types that are missing, or not generated yet. */
class MissingTypesTest {

  /** The message on a class that waits for another until the end. */
  private static final String UNRESOLVED =
      "[ModelProcessor:MiscError] org.slimquant.processor.QuantInt8Processor.ModelProcessor was unable to"
          + " process this class because not all of its dependencies could be resolved. Check for"
          + " compilation errors or a circular dependency with generated code.";

  @Test
  void typesThatAnotherProcessorGenerates() throws IOException {
    GeneratingProcessor generator =
        new GeneratingProcessor(
            Map.of(
                "models.Options",
                "package models; class Options {}",
                "models.Stride",
                "package models; class Stride {}",
                "models.Stem",
                """
                package models;

                import org.slimquant.annotations.QuantInt8;
                import org.tensorflow.Operand;
                import org.tensorflow.types.TFloat32;

                class Stem {
                  @QuantInt8(frac = -7)
                  Operand<TFloat32> stem(Operand<TFloat32> x) {
                    return x;
                  }
                }
                """));
    JavaFileObject middle = source("models.Middle", "package models; class Middle extends Stem {}");
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Model extends Middle {
              Model(Options options) {}

              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x, Stride stride) {
                return x;
              }
            }
            """);
    JavaFileObject deep =
        source(
            "models.Deep",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Deep extends Middle {
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
            """);

    Compilation compilation =
        javac()
            .withProcessors(new QuantInt8Processor(), generator)
            .compile(middle, model, deep, tiny("models.Tiny"));

    assertThat(compilation).succeededWithoutWarnings();
    Map<String, String> generated = generated(compilation);
    assertThat(generated.keySet())
        .containsAtLeast(
            "models/QuantizedDeep.java",
            "models/QuantizedModel.java",
            "models/QuantizedStem.java",
            "models/QuantizedTiny.java");
    assertThat(generated.get("models/QuantizedModel.java"))
        .contains("QuantizedModel(Options options, GraphQuantizer quantizer)");
    assertThat(generated.get("models/QuantizedModel.java"))
        .contains("conv1(Operand<TFloat32> x, Stride stride)");
    assertThat(generated.get("models/QuantizedDeep.java")).contains("super.stem(");
  }

  @Test
  void typeThatNobodyGenerates() {
    JavaFileObject middle =
        source("models.Middle", "package models; class Middle extends Missing {}");
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Model extends Middle {
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }
            }
            """);

    Compilation compilation = compile(List.of(middle, model));

    assertThat(messages(compilation)).containsExactly("1: cannot find symbol", "7: " + UNRESOLVED);
  }

  @Test
  void compilationWithoutTensorFlow() {
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;

            class Model {
              @QuantInt8(frac = -7)
              Object conv1(@QuantInt8(frac = -7) int x, Object y, Iterable<?> z) {
                return y;
              }
            }
            """);

    Compilation compilation =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(
                classPath().stream()
                    .filter(file -> !file.getName().startsWith("tensorflow"))
                    .toList())
            .compile(model);

    assertThat(messages(compilation))
        .containsExactly(
            "7: [QuantLayer] a layer must return Operand<TFloat32>, or an array, a List or a record of nothing else, because a fake quant, which TensorFlow has for float32 only, takes its place, but conv1 returns Object",
            "7: [QuantInput] an input must be an Operand<TFloat32>, or an array, List, Collection or Iterable of it, because a fake quant, which TensorFlow has for float32 only, takes its place, but x is of type int");
  }

  @Test
  void modelWithoutImportsOfTensorFlow() {
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;

            class Model {
              @QuantInt8(frac = -7)
              Operand<TFloat32> conv1() {
                return null;
              }
            }
            """);

    assertThat(messages(compile(List.of(model))))
        .containsExactly("7: cannot find symbol", "7: cannot find symbol", "5: " + UNRESOLVED);
  }
}
