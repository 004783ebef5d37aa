package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.slimquant.processor.Compilations.BASE;
import static org.slimquant.processor.Compilations.MODEL;
import static org.slimquant.processor.Compilations.classPathWith;
import static org.slimquant.processor.Compilations.compile;
import static org.slimquant.processor.Compilations.generated;
import static org.slimquant.processor.Compilations.messages;
import static org.slimquant.processor.Compilations.source;
import static org.slimquant.processor.Compilations.tiny;
import static org.slimquant.processor.Compilations.write;

import com.google.testing.compile.Compilation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers in class files of another compilation. */
class ClassFilesTest {

  @Test
  void baseFromClassFile(@TempDir Path classes) throws IOException {
    write(javac().withOptions("-g").compile(BASE), classes);

    Compilation fromClassFile =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(classPathWith(classes))
            .compile(MODEL);

    assertThat(fromClassFile).succeededWithoutWarnings();
    assertThat(generated(fromClassFile).get("models/QuantizedModel.java"))
        .isEqualTo(generated(compile(List.of(BASE, MODEL))).get("models/QuantizedModel.java"));
  }

  @Test
  void errorsInBaseFromClassFile(@TempDir Path classes) throws IOException {
    JavaFileObject base =
        source(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              @QuantInt8(bits = 32, frac = 7)
              protected final Operand<TFloat32> conv0(
                  @QuantInt8(frac = 200) Operand<TFloat32> x) {
                return x;
              }
            }
            """);
    write(javac().withOptions("-g").compile(base), classes);

    Compilation compilation =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(classPathWith(classes))
            .compile(MODEL);

    assertThat(messages(compilation))
        .containsExactly(
            "8: [QuantLayer] a layer must be open to an override, but conv0 is final (inherited: base.Base.conv0)",
            "8: [QuantRange] bits must be between 2 and 16, but is 32 (inherited: base.Base.conv0)",
            "8: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 200 (inherited: base.Base.conv0)");
  }

  /** javac keeps the names of parameters with -g or -parameters; build tools set -g by default. */
  @ParameterizedTest
  @ValueSource(strings = {"-g", "-g:vars", "-parameters"})
  void namesOfParametersInTheClassFile(String option, @TempDir Path classes) throws IOException {
    write(javac().withOptions(option).compile(BASE), classes);

    Compilation compilation = compileWith(classes, MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java")).contains("\"images\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-g:none", "-g:source,lines"})
  void noNamesOfParametersInTheClassFile(String option, @TempDir Path classes) throws IOException {
    write(javac().withOptions(option).compile(BASE), classes);

    assertThat(messages(compileWith(classes, MODEL)))
        .containsExactly(
            "8: [QuantName] an input must have a name, but the class file of Base has none for parameter 1 of zeta; compile it with -g or -parameters, annotate the parameter there with @QuantInt8(name = …), or override zeta in Model (inherited: base.Base.zeta)");
  }

  /** The remedy if only the class file is at hand. */
  @Test
  void overrideOfALayerWithoutNamesOfParameters(@TempDir Path classes) throws IOException {
    write(javac().withOptions("-g:none").compile(BASE), classes);
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import base.Base;
            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Model extends Base {
              @Override
              @QuantInt8(frac = -7, kernelFrac = -9)
              protected Operand<TFloat32> zeta(@QuantInt8(frac = -6) Operand<TFloat32> images) {
                return super.zeta(images);
              }
            }
            """);

    Compilation compilation = compileWith(classes, model);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java")).contains("\"images\"");
  }

  /** The remedy for the author of the class; the operand without an annotation needs no name. */
  @Test
  void namesInTheAnnotations(@TempDir Path classes) throws IOException {
    JavaFileObject base =
        source(
            "base.Base",
            """
            package base;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            public class Base {
              @QuantInt8(frac = -7)
              protected Operand<TFloat32> add(
                  @QuantInt8(frac = -6, name = "left") Operand<TFloat32> a,
                  Operand<TFloat32> b,
                  @QuantInt8(frac = -6, name = "arg2") Operand<TFloat32> c) {
                return a;
              }
            }
            """);
    write(javac().withOptions("-g:none").compile(base), classes);

    Compilation compilation = compileWith(classes, MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("ADD_LEFT = new QuantizedInput(\n      \"left\", ");
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("ADD_ARG2 = new QuantizedInput(\n      \"arg2\", ");
  }

  private static Compilation compileWith(Path classes, JavaFileObject source) {
    return javac()
        .withProcessors(Compilations.processors())
        .withClasspath(classPathWith(classes))
        .compile(source);
  }

  /** A compiler of another language may give such names. */
  @Test
  void baseFromClassFileWhoseParametersAreNamedLikeKeywords(@TempDir Path classes)
      throws IOException {
    write(javac().withOptions("-g").compile(BASE), classes);
    Path file = classes.resolve("base/Base.class");
    // One byte for each character keeps the bytes as they are.
    String content = Files.readString(file, ISO_8859_1);
    Files.writeString(file, content.replace("images", "native"), ISO_8859_1);

    Compilation compilation =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(classPathWith(classes))
            .compile(MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("zeta(Operand<TFloat32> native_)");
    assertThat(generated(compilation).get("models/QuantizedModel.java")).contains("\"native\"");
  }

  @Test
  void generatedClassOfTheLastBuildOnTheClassPath(@TempDir Path classes) throws IOException {
    JavaFileObject model = tiny("models.Model");
    write(compile(List.of(model)), classes);

    Compilation again =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(classPathWith(classes))
            .compile(model);

    assertThat(again).succeededWithoutWarnings();
    assertThat(generated(again).keySet()).containsExactly("models/QuantizedModel.java");
  }

  /** The class file hides the class of java.lang as a source does. */
  @Test
  void siblingFromClassFile(@TempDir Path classes) throws IOException {
    write(javac().compile(source("models.Override", "package models; class Override {}")), classes);

    Compilation compilation =
        javac()
            .withProcessors(Compilations.processors())
            .withClasspath(classPathWith(classes))
            .compile(tiny("models.Model"));

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("import java.lang.Override;");
  }
}
