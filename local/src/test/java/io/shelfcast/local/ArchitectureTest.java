package io.shelfcast.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Rules over all modules: only this one has them all on its class path. */
class ArchitectureTest {

  private final JavaClasses all =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.shelfcast");

  @Test
  void nothingBelowKnowsLocal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.shelfcast.local..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.shelfcast.local..")
        .because("what runs on Dataflow must not bring an embedded PostgreSQL along")
        .check(all);
  }

  @Test
  void pipelinesHoldNoSql() {
    noClasses()
        .that()
        .resideInAnyPackage("..fullsync..", "..replay..", "..run..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..")
        .because("SQL stands in the store")
        .check(all);
  }

  @Test
  void commonKnowsNoPipeline() {
    noClasses()
        .that()
        .resideInAnyPackage("..domain..", "..quality..", "..store..", "..transforms..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("..fullsync..", "..replay..", "..run..")
        .because("dependencies run downward only")
        .check(all);
  }

  @Test
  void packagesHaveNoCycles() {
    slices()
        .matching("io.shelfcast.(*)..")
        .should()
        .beFreeOfCycles()
        .because("a cycle is one package in two folders")
        .check(all);
  }

  @Test
  void noNameHidesWhatAClassIsFor() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .because("a reader should find the room by its name")
        .check(all);
  }
}
