package org.slimquant.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Writes one of the given classes in each round, in the order of their names. */
final class GeneratingProcessor extends AbstractProcessor {

  private final TreeMap<String, String> sourcesByName;

  GeneratingProcessor(Map<String, String> sourcesByName) {
    this.sourcesByName = new TreeMap<>(sourcesByName);
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map.Entry<String, String> source = sourcesByName.pollFirstEntry();
    if (source != null) {
      try (Writer writer =
          processingEnv.getFiler().createSourceFile(source.getKey()).openWriter()) {
        writer.write(source.getValue());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }
}
