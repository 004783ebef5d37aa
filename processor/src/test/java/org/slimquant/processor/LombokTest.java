package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.common.truth.Truth.assertWithMessage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.slimquant.processor.Compilations.classPath;
import static org.slimquant.processor.Compilations.classPathWithout;
import static org.slimquant.processor.Compilations.source;

import com.google.common.collect.ImmutableMap;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Models whose constructors and modifiers come from Lombok, with either order of the processors.
 */
class LombokTest {

  private static final String HEADER =
      """
      package models;

      import lombok.*;
      import lombok.experimental.FieldDefaults;
      import lombok.experimental.NonFinal;
      import lombok.experimental.SuperBuilder;
      import lombok.experimental.UtilityClass;
      import org.slimquant.annotations.QuantInt8;
      import org.tensorflow.Operand;
      import org.tensorflow.op.Ops;
      import org.tensorflow.types.TFloat32;

      """;

  enum First {
    OURS,
    LOMBOK
  }

  private final Path directory;

  LombokTest(@TempDir Path directory) {
    this.directory = directory;
  }

  /** The parameters of the constructors that Lombok writes. */
  private static final ImmutableMap<String, String> PARAMETERS_BY_ANNOTATIONS =
      ImmutableMap.<String, String>builder()
          .put("@RequiredArgsConstructor", "Ops tf, @NonNull String name")
          .put("@AllArgsConstructor", "Ops tf, @NonNull String name, long seed")
          .put("@NoArgsConstructor(force = true)", "")
          .put("@Data", "Ops tf, @NonNull String name")
          .put("@Value @NonFinal", "Ops tf, @NonNull String name, long seed")
          .put("@Builder", "Ops tf, @NonNull String name, long seed")
          .put("@SuperBuilder", "Models.Model6.Model6Builder<?, ?> b")
          .put("@With @AllArgsConstructor", "Ops tf, @NonNull String name, long seed")
          .put(
              "@FieldDefaults(makeFinal = true) @RequiredArgsConstructor",
              "Ops tf, @NonNull String name, long seed")
          .buildOrThrow();

  @ParameterizedTest
  @EnumSource
  void constructors(First first) throws IOException {
    List<String> annotations = PARAMETERS_BY_ANNOTATIONS.keySet().asList();
    String models =
        IntStream.range(0, annotations.size())
            .mapToObj(i -> model("static class Model" + i, annotations.get(i)))
            .collect(Collectors.joining("\n", "class Models {\n", "}\n"));

    assertThat(compile(first, directory, models)).isEmpty();
    for (int i = 0; i < annotations.size(); i++) {
      String parameters = PARAMETERS_BY_ANNOTATIONS.get(annotations.get(i)) + ", ";
      assertWithMessage(annotations.get(i))
          .that(generated("QuantizedModels_Model" + i))
          .contains(
              " QuantizedModels_Model%d(%sGraphQuantizer quantizer) {"
                  .formatted(i, parameters.replaceFirst("^, ", "")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void finalModel(First first) throws IOException {
    assertThat(compile(first, directory, model("class Model", "@Value")))
        .contains(
            "[QuantModel] a model must be open to a subclass, but Model is final, as Lombok's @Value makes it; add @NonFinal\n");
  }

  @ParameterizedTest
  @EnumSource
  void staticName(First first) throws IOException {
    String models =
        model("class Model", "@RequiredArgsConstructor(staticName = \"of\")")
            + model("class Other", "@Data(staticConstructor = \"of\")");

    String messages = compile(first, directory, models);

    assertThat(messages.lines().filter(line -> line.contains("error:")).count()).isEqualTo(2);
    for (String name : List.of("Model", "Other")) {
      assertThat(messages)
          .contains(
              "[QuantModel] a model must have a constructor that a subclass can call, but all those of %s are private or take private types; take Lombok's static name away\n"
                  .formatted(name));
    }
  }

  /** Lombok makes it static. */
  @ParameterizedTest
  @EnumSource
  void modelInAUtilityClass(First first) throws IOException {
    String outer = "@UtilityClass class Outer {\n" + model("class Model", "@Data") + "}\n";

    assertThat(compile(first, directory, outer)).isEmpty();
    assertThat(Files.exists(directory.resolve("models/QuantizedOuter_Model.class"))).isTrue();
  }

  /** Lombok implements a method of the interface. */
  @ParameterizedTest
  @EnumSource
  void abstractModelThatLombokCompletes(First first) throws IOException {
    String model =
        """
        interface Named {
          String getName();
        }

        abstract class Model implements Named {
          @Getter private String name = "model";

          @QuantInt8
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """;

    assertThat(compile(first, directory, model)).isEmpty();
    assertThat(generated("QuantizedModel")).contains(" final class QuantizedModel extends Model {");
  }

  @Test
  void lombokThatDoesNotRun() throws IOException {
    String messages =
        JavacProcess.compile(
            directory,
            classPathWithout("lombok"),
            List.of(),
            source("models.Models", HEADER + model("class Model", "@RequiredArgsConstructor")));

    assertThat(messages)
        .contains(
            "[QuantModel] Lombok must run where a model has its annotations, but @RequiredArgsConstructor of Model is left as it is; put lombok on the processor path, beside slimquant-processor\n");
  }

  private static String model(String declaration, String annotations) {
    return """
        %s
        %s {
          private final Ops tf;
          @NonNull private String name;
          private long seed;

          @QuantInt8
          Operand<TFloat32> conv1(@QuantInt8 @NonNull Operand<TFloat32> x) {
            return tf.nn.relu(x);
          }
        }
        """
        .formatted(annotations, declaration);
  }

  private static String compile(First first, Path classes, String models) throws IOException {
    List<File> lombok =
        classPath().stream().filter(file -> file.getName().startsWith("lombok")).toList();
    List<File> ours = classPathWithout("lombok");
    return JavacProcess.compile(
            classes,
            Stream.of(first == First.OURS ? ours : lombok, first == First.OURS ? lombok : ours)
                .flatMap(List::stream)
                .toList(),
            List.of(),
            source("models.Models", HEADER + models))
        // The warnings of newer JDKs on Lombok's use of Unsafe.
        .lines()
        .filter(line -> !line.startsWith("WARNING: "))
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** Returns the source of a class, with single spaces. */
  private String generated(String name) throws IOException {
    return Files.readString(directory.resolve("models/%s.java".formatted(name)), UTF_8)
        .replaceAll("\\s+", " ");
  }
}
