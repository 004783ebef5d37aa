package org.slimquant.processor;

import static com.google.common.truth.Truth.assertThat;
import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSetMultimap;
import com.google.common.collect.Lists;
import com.google.common.collect.SetMultimap;
import com.google.common.io.Resources;
import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.runtime.FixedPoint;
import org.slimquant.runtime.Format;
import org.slimquant.runtime.PerChannel;
import org.slimquant.runtime.QuantizationPlan;
import org.slimquant.runtime.QuantizationPlan.Site;
import org.slimquant.runtime.Source;

/** What the processor does with a whole compilation. */
class ProcessorTest {

  /** What is said of a class that waits for another until the end. */
  private static final String UNRESOLVED =
      "[ModelProcessor:MiscError] org.slimquant.processor.QuantInt8Processor.ModelProcessor was unable to"
          + " process this class because not all of its dependencies could be resolved. Check for"
          + " compilation errors or a circular dependency with generated code.";

  private static final JavaFileObject BASE =
      source(
          "base.Base",
          """
          package base;

          import org.slimquant.annotations.QuantInt8;
          import org.tensorflow.Operand;
          import org.tensorflow.types.TFloat32;

          public class Base {
            @QuantInt8(frac = -7, kernelFrac = -9)
            protected Operand<TFloat32> zeta(@QuantInt8(frac = -6) Operand<TFloat32> images) {
              return images;
            }

            @QuantInt8(frac = -5)
            protected Operand<TFloat32> alpha(Operand<TFloat32> features) {
              return features;
            }
          }
          """);

  private static final JavaFileObject MODEL =
      source(
          "models.Model",
          """
          package models;

          import base.Base;
          import org.slimquant.annotations.QuantInt8;
          import org.tensorflow.Operand;
          import org.tensorflow.types.TFloat32;

          class Model extends Base {
            @QuantInt8(frac = -7)
            Operand<TFloat32> conv1(Operand<TFloat32> x) {
              return x;
            }
          }
          """);

  @Test
  void sameOutputFromRunToRun() throws IOException {
    List<JavaFileObject> sources =
        ImmutableList.of(BASE, MODEL, tiny("models.A"), tiny("models.B"), tiny("models.C"));

    Map<String, String> first = generated(compile(sources));
    Map<String, String> second = generated(compile(sources));
    Map<String, String> reversed = generated(compile(Lists.reverse(sources)));

    assertThat(first.keySet())
        .containsExactly(
            "base/QuantizedBase.java",
            "models/QuantizedA.java",
            "models/QuantizedB.java",
            "models/QuantizedC.java",
            "models/QuantizedModel.java");
    assertThat(second).isEqualTo(first);
    assertThat(reversed).isEqualTo(first);
  }

  @Test
  void registration() throws IOException {
    assertThat(resource("META-INF/gradle/incremental.annotation.processors"))
        .isEqualTo("org.slimquant.processor.QuantInt8Processor,isolating\n");
    assertThat(resource("META-INF/services/javax.annotation.processing.Processor"))
        .isEqualTo("org.slimquant.processor.QuantInt8Processor\n");
  }

  @Test
  void warningsOfTheProcessorItself() {
    Compilation compilation =
        javac()
            .withProcessors(new QuantInt8Processor())
            .withOptions("-Xlint:all")
            .compile(tiny("models.Model"));

    // It claims no annotation, which would hide it from others; javac notes each.
    assertThat(
            messages(compilation).stream()
                .filter(message -> !message.contains("No processor claimed")))
        .isEmpty();
  }

  @Test
  void oneOriginatingElementForEachGeneratedClass() {
    RecordingProcessor processor = new RecordingProcessor(new QuantInt8Processor(), false);

    Compilation compilation = javac().withProcessors(processor).compile(BASE, MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    SetMultimap<String, String> origins = processor.originatingElements();
    assertThat(origins)
        .isEqualTo(
            ImmutableSetMultimap.of(
                "base.QuantizedBase", "base.Base", "models.QuantizedModel", "models.Model"));
  }

  @Test
  void fullDisk() {
    Compilation compilation =
        javac()
            .withProcessors(new RecordingProcessor(new QuantInt8Processor(), true))
            .compile(tiny("models.Model"));

    assertThat(messages(compilation))
        .containsExactly("7: [QuantModel] QuantizedModel must be written, but the disk is full");
  }

  @Test
  void baseFromClassFile(@TempDir Path classes) throws IOException {
    write(javac().withOptions("-g").compile(BASE), classes);

    Compilation fromClassFile =
        javac()
            .withProcessors(new QuantInt8Processor())
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
            .withProcessors(new QuantInt8Processor())
            .withClasspath(classPathWith(classes))
            .compile(MODEL);

    assertThat(messages(compilation))
        .containsExactly(
            "8: [QuantLayer] a layer must be open to an override, but conv0 is final (inherited: base.Base.conv0)",
            "8: [QuantRange] bits must be between 2 and 16, but is 32 (inherited: base.Base.conv0)",
            "8: [QuantRange] frac must be between -126 and 120 for 8 bits to stay within float32, but is 200 (inherited: base.Base.conv0)");
  }

  /** As a compiler of another language may name them. */
  @Test
  void baseFromClassFileWhoseParametersAreNamedLikeKeywords(@TempDir Path classes)
      throws IOException {
    write(javac().withOptions("-g").compile(BASE), classes);
    Path file = classes.resolve("base/Base.class");
    // One byte a character, so that the bytes stay what they are.
    String content = Files.readString(file, ISO_8859_1);
    Files.writeString(file, content.replace("images", "native"), ISO_8859_1);

    Compilation compilation =
        javac()
            .withProcessors(new QuantInt8Processor())
            .withClasspath(classPathWith(classes))
            .compile(MODEL);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("zeta(Operand<TFloat32> native_)");
  }

  @Test
  void generatedClassOfTheLastBuildOnTheClassPath(@TempDir Path classes) throws IOException {
    JavaFileObject model = tiny("models.Model");
    write(compile(List.of(model)), classes);

    Compilation again =
        javac()
            .withProcessors(new QuantInt8Processor())
            .withClasspath(classPathWith(classes))
            .compile(model);

    assertThat(again).succeededWithoutWarnings();
    assertThat(generated(again).keySet()).containsExactly("models/QuantizedModel.java");
  }

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
            .withProcessors(new QuantInt8Processor())
            .withClasspath(
                classPath().stream()
                    .filter(file -> !file.getName().startsWith("tensorflow"))
                    .toList())
            .compile(model);

    assertThat(messages(compilation))
        .containsExactly(
            "7: [QuantLayer] a layer must return Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but conv1 returns Object",
            "7: [QuantInput] an input must be an Operand<TFloat32>, because a fake quant, which TensorFlow has for float32 only, takes its place, but x is of type int");
  }

  @Test
  void processorPathWithoutTensorFlow(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("tensorflow", directory)).isEmpty();
    assertThat(Files.exists(directory.resolve("models/QuantizedModel.class"))).isTrue();
  }

  /** What another processor on the path can do, if its version of protobuf-java comes first. */
  @Test
  void processorPathWithoutProtobuf(@TempDir Path directory) throws IOException {
    assertThat(compileWithout("protobuf-java", directory))
        .contains(
            "Model.java:7: error: [QuantPlan] the processor path must have the protobuf-java that"
                + " slimquant-processor asks for, or a newer one, but does not: name"
                + " slimquant-processor before other processors");
  }

  /** Compiles a model that has a plan with some of our dependencies; returns what javac says. */
  private static String compileWithout(String dependency, Path directory) throws IOException {
    Path source =
        Files.writeString(
            directory.resolve("Model.java"), tiny("models.Model").getCharContent(true));
    new QuantizationPlan(List.of(kernel("conv1", FixedPoint.signed(8, -7))), List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));
    String processorPath =
        classPath().stream()
            .map(File::getPath)
            .filter(path -> !path.contains(dependency))
            .collect(Collectors.joining(File.pathSeparator));
    // In a JVM of its own: processors see what the class loader of javac sees.
    Process javac =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "javac").toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-processorpath",
                processorPath,
                "-Aslimquant.plan=" + directory,
                "-d",
                directory.toString(),
                source.toString())
            .redirectErrorStream(true)
            .start();
    try (InputStream messages = javac.getInputStream()) {
      return new String(messages.readAllBytes(), UTF_8);
    }
  }

  @Test
  void moreChannelsThanOneMethodHolds(@TempDir Path directory) throws IOException {
    JavaFileObject model =
        source(
            "models.Model",
            """
            package models;

            import org.slimquant.annotations.QuantInt8;
            import org.tensorflow.Operand;
            import org.tensorflow.types.TFloat32;

            class Model {
              @QuantInt8(perChannel = true, outputFrac = -7)
              Operand<TFloat32> conv1(Operand<TFloat32> x) {
                return x;
              }

              @QuantInt8(perChannel = true, outputFrac = -7)
              Operand<TFloat32> conv2(Operand<TFloat32> x) {
                return x;
              }

              @QuantInt8(outputFrac = -7)
              Operand<TFloat32> dense(Operand<TFloat32> x) {
                return x;
              }
            }
            """);
    int[] fracs = IntStream.range(0, 6000).map(channel -> -channel % 100).toArray();
    new QuantizationPlan(
            List.of(
                kernel("conv1", PerChannel.of(8, fracs)),
                kernel("conv2", PerChannel.of(8, fracs)),
                kernel("dense", FixedPoint.signed(8, -7))),
            List.of())
        .write(directory.resolve("models.Model.plan.txtpb"));

    Compilation compilation =
        javac()
            .withProcessors(new QuantInt8Processor())
            .withOptions("-Aslimquant.plan=" + directory, "-Xlint:all,-processing", "-Werror")
            .compile(model);

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("QuantizedLayer.withKernel(\n      \"conv2\", Kernels.conv2Kernel(), ");
    assertThat(generated(compilation).get("models/QuantizedModel.java"))
        .contains("\"dense\", FixedPoint.signed(8, -7), ");
  }

  @Test
  void supportedOptions() {
    assertThat(new QuantInt8Processor().getSupportedOptions()).containsExactly("slimquant.plan");
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

  @Test
  void nothingForClassWithoutOwnLayer() throws IOException {
    JavaFileObject model =
        source("models.Model", "package models; class Model extends base.Base {}");

    Compilation compilation = compile(List.of(BASE, model));

    assertThat(compilation).succeededWithoutWarnings();
    assertThat(generated(compilation).keySet()).containsExactly("base/QuantizedBase.java");
  }

  private static Compilation compile(List<JavaFileObject> sources) {
    return javac().withProcessors(new QuantInt8Processor()).compile(sources);
  }

  private static JavaFileObject tiny(String name) {
    int dot = name.lastIndexOf('.');
    return source(
        name,
        """
        package %s;

        import org.slimquant.annotations.QuantInt8;
        import org.tensorflow.Operand;
        import org.tensorflow.types.TFloat32;

        class %s {
          @QuantInt8(frac = -7)
          Operand<TFloat32> conv1(Operand<TFloat32> x) {
            return x;
          }
        }
        """
            .formatted(name.substring(0, dot), name.substring(dot + 1)));
  }

  private static Site kernel(String layer, Format format) {
    return new Site(
        layer + "/SlimQuant/kernel",
        QuantizationPlan.Kind.KERNEL,
        "kernel:0",
        format,
        new Source.Hand(),
        Optional.empty());
  }

  private static JavaFileObject source(String name, String text) {
    return JavaFileObjects.forSourceString(name, text);
  }

  /** Returns the sources that were generated, by file name. */
  private static Map<String, String> generated(Compilation compilation) throws IOException {
    Map<String, String> generated = new TreeMap<>();
    for (JavaFileObject file : compilation.generatedSourceFiles()) {
      generated.put(
          file.getName().replaceFirst("^/?SOURCE_OUTPUT/", ""),
          file.getCharContent(false).toString());
    }
    return generated;
  }

  /** Returns the first lines of all messages, each after its line number. */
  private static List<String> messages(Compilation compilation) {
    return compilation.diagnostics().stream()
        .map(
            (Diagnostic<? extends JavaFileObject> diagnostic) ->
                "%d: %s"
                    .formatted(
                        diagnostic.getLineNumber(),
                        diagnostic.getMessage(Locale.ROOT).lines().findFirst().orElse("")))
        .collect(Collectors.toList());
  }

  private static void write(Compilation compilation, Path directory) throws IOException {
    assertThat(compilation).succeeded();
    for (JavaFileObject file : compilation.generatedFiles()) {
      if (file.getKind() == JavaFileObject.Kind.CLASS) {
        Path target = directory.resolve(file.getName().replaceFirst("^/?CLASS_OUTPUT/", ""));
        Files.createDirectories(target.getParent());
        try (InputStream content = file.openInputStream()) {
          Files.copy(content, target);
        }
      }
    }
  }

  private static List<File> classPathWith(Path directory) {
    return Stream.concat(Stream.of(directory.toFile()), classPath().stream()).toList();
  }

  private static List<File> classPath() {
    return Splitter.on(File.pathSeparatorChar)
        .splitToStream(System.getProperty("java.class.path"))
        .map(File::new)
        .toList();
  }

  private static String resource(String name) throws IOException {
    return Resources.toString(Resources.getResource(name), UTF_8);
  }
}
