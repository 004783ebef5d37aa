package org.slimquant.processor;

import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
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
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;
import org.slimquant.format.Format;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.plan.Source;

/** Sources for whole compilations, and the results of these. */
final class Compilations {

  static final JavaFileObject BASE =
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

  static final JavaFileObject MODEL =
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

  private Compilations() {}

  /** Returns the module's processors, in the order in which javac finds them. */
  static ImmutableList<Processor> processors() {
    return ImmutableList.of(new LocalModelsProcessor(), new QuantInt8Processor());
  }

  static Compilation compile(List<JavaFileObject> sources) {
    return javac().withProcessors(processors()).compile(sources);
  }

  static JavaFileObject tiny(String name) {
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

  static Site kernel(String layer, Format format) {
    return new Site(
        layer + "/SlimQuant/kernel",
        QuantizationPlan.Kind.KERNEL,
        "kernel:0",
        format,
        new Source.Hand(),
        Optional.empty());
  }

  static JavaFileObject source(String name, String text) {
    return JavaFileObjects.forSourceString(name, text);
  }

  /** Returns the sources that were generated, by file name. */
  static Map<String, String> generated(Compilation compilation) throws IOException {
    Map<String, String> generated = new TreeMap<>();
    for (JavaFileObject file : compilation.generatedSourceFiles()) {
      generated.put(
          file.getName().replaceFirst("^/?SOURCE_OUTPUT/", ""),
          file.getCharContent(false).toString());
    }
    return generated;
  }

  /** Returns the first lines of all messages, each after its line number. */
  static List<String> messages(Compilation compilation) {
    return compilation.diagnostics().stream()
        .map(
            (Diagnostic<? extends JavaFileObject> diagnostic) ->
                "%d: %s"
                    .formatted(
                        diagnostic.getLineNumber(),
                        diagnostic.getMessage(Locale.ROOT).lines().findFirst().orElse("")))
        .collect(Collectors.toList());
  }

  static void write(Compilation compilation, Path directory) throws IOException {
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

  static List<File> classPathWith(Path directory) {
    return Stream.concat(Stream.of(directory.toFile()), classPath().stream()).toList();
  }

  /** Returns the class path without the jars whose path contains a name. */
  static List<File> classPathWithout(String name) {
    return classPath().stream().filter(file -> !file.getPath().contains(name)).toList();
  }

  static List<File> classPath() {
    return Splitter.on(File.pathSeparatorChar)
        .splitToStream(System.getProperty("java.class.path"))
        .map(File::new)
        .toList();
  }
}
