/**
 * Spanish terms of the ten policy areas.
 *
 * @module
 */
import { terms } from "./lexicon.ts";

export const AREA_LEXICONS_ES = {
  PA01: {
    core: terms(
      `economía, crecimiento económico, empleo, empleos, desempleo, paro, mercado laboral, mercado de trabajo, pymes, mipymes, pequeñas empresas, puestos de trabajo, emprendimiento,
      producto interno bruto, producto interior bruto, PIB, salario mínimo, inflación, exportaciones, comercio exterior, turismo, competitividad, industria
      manufacturera, desarrollo económico, sector privado, recesión, informalidad laboral, trabajo decente, política industrial, salarios, ocupación laboral, autónomos`,
    ),
    near: terms(
      `económico, económica, trabajadores, empresas, empresarial, industria, comercio, mercado, inversión, ingresos, productividad, emprendedores, laboral, crédito,
      crecimiento, aranceles, fábricas, turístico, comercial, productivo, ocupación, empleadores, contratación, riqueza, banca, consumo, negocios, empleabilidad`,
    ),
  },
  PA02: {
    core: terms(
      `salud, hospital, hospitales, atención sanitaria, sanidad, sanitario, salud mental, pacientes, vacunación, vacunas, atención primaria, mortalidad materna, mortalidad infantil,
      enfermedades, epidemias, pandemia, enfermería, médicos, medicamentos, aseguramiento en salud, salud pública, cáncer, obesidad, esperanza de vida,
      desnutrición, VIH, tuberculosis, centros de salud, adicciones, drogodependencia, embarazo adolescente, dengue, salud sexual`,
    ),
    near: terms(
      `clínicas, tratamiento, mortalidad, enfermos, drogas, prevención, bienestar, cirugía, ambulancia, clínico, diagnóstico, tamizaje, tabaco, alcohol, embarazo,
      materno, nacidos vivos, nutrición, suicidio, camas, farmacias, lista de espera, médica, asistencial, epidemiológico, morbilidad, gestantes`,
    ),
  },
  PA03: {
    core: terms(
      `educación, educativo, escuelas, colegios, maestros, docentes, profesores, alumnos, estudiantes, alumnado, universidades, alfabetización, matrícula escolar, deserción escolar,
      abandono escolar, currículo, preescolar, educación inicial, formación profesional, educación superior, becas, museos, patrimonio cultural, bibliotecas,
      deporte, artes, aulas, cultura, profesorado, educación básica, bachillerato, instituciones educativas`,
    ),
    near: terms(
      `aprendizaje, enseñanza, formación, cultural, patrimonio, libros, universidad, universitario, competencias, académico, cobertura escolar, música, artistas, lectura,
      deportistas, grado, idiomas, festivales, creativo, escolar, escolares, pedagógico, capacitación, titulados, recreación, folclor`,
    ),
  },
  PA04: {
    core: terms(
      `pobreza, protección social, seguridad social, servicios sociales, igualdad de género, igualdad, discriminación, mujeres, personas con discapacidad, discapacidad,
      pensiones, personas mayores, adultos mayores, tercera edad, personas sin hogar, inclusión social, migrantes, refugiados, pueblos indígenas, infancia,
      desigualdad, transferencias monetarias, asistencia social, género, grupos vulnerables, minorías étnicas, afrodescendientes, pobreza extrema, población LGBTI, cuidadores, dependencia`,
    ),
    near: terms(
      `familias, niños, niñas, pobres, vulnerable, hogares, prestaciones, jóvenes, juventud, inclusión, minorías, jubilación, apoyo, cuidados, indígenas, étnico, equidad,
      adolescentes, exclusión, social, subsidios, bajos ingresos, madres cabeza de familia, mujer, primera infancia, inmigrantes, víctimas`,
    ),
  },
  PA05: {
    core: terms(
      `clima, cambio climático, gases de efecto invernadero, emisiones, biodiversidad, ecosistemas, contaminación, calidad del aire, energías renovables, energía renovable, deforestación,
      bosques, gestión de residuos, residuos sólidos, reciclaje, medio ambiente, medioambiental, ambiental, áreas protegidas, humedales, carbono, energía limpia, energía solar,
      calidad del agua, conservación, adaptación, desastres naturales, gestión del riesgo, inundaciones, sequía, calentamiento global, eficiencia energética, reforestación, economía circular`,
    ),
    near: terms(
      `agua, energía, residuos, ríos, aire, especies, recursos naturales, fósiles, petróleo, carbón, verde, calentamiento, mitigación, sostenible, fauna, flora, suelo,
      océano, costa, parques, árboles, plástico, naturaleza, cuencas, desastre, páramos, erosión, temperatura, hídrico, ecológico`,
    ),
  },
  PA06: {
    core: terms(
      `vivienda, viviendas, infraestructura, transporte, carreteras, autopistas, puentes, ferrocarril, transporte público, vivienda social, vivienda de interés social, planeamiento urbano,
      agua potable, saneamiento, alcantarillado, puertos, aeropuertos, energía eléctrica, obras públicas, autobuses, ciclovías, inquilinos, alquiler, hipotecas,
      asentamientos informales, acueducto, tráfico, movilidad, desarrollo urbano, metro, vías terciarias, malla vial, ordenamiento territorial, vías rurales`,
    ),
    near: terms(
      `construcción, edificios, urbano, ciudad, ciudades, calles, vías, vehículos, kilómetros, pasajeros, viajes, red, mantenimiento, pavimentación, logística, mercancías, uso del suelo,
      barrios, electricidad, estaciones, servicios públicos, suelo urbano, urbanismo, alumbrado, equipamientos, vial, carretera, habitacional`,
    ),
  },
  PA07: {
    core: terms(
      `delitos, delincuencia, policía, tribunales, jueces, justicia, cárceles, derechos humanos, homicidios, terrorismo, seguridad nacional, seguridad ciudadana, violencia, fuerzas
      armadas, defensa, acceso a la justicia, violencia intrafamiliar, violencia de género, narcotráfico, trata de personas, convivencia, fiscalía general, pandillas, construcción de
      paz, conflicto armado, ciberdelincuencia, reclusos, penitenciario, criminalidad, hurto, víctimas del conflicto, guerra, paz, militares`,
    ),
    near: terms(
      `seguridad, derechos, penal, conflicto, frontera, armas, agentes, amenaza, libertad, judicial, reconciliación, condena, ejército, víctimas, crimen, protección, jurídico,
      posconflicto, desplazados, orden público, reparación, libertades, delictivo, policial, comisarías`,
    ),
  },
  PA08: {
    core: terms(
      `finanzas públicas, hacienda pública, administración pública, corrupción, transparencia, rendición de cuentas, impuestos, tributario, déficit, deuda pública, recaudación,
      fiscal, contratación pública, gobierno abierto, función pública, descentralización, elecciones, gasto público, gobernanza, auditoría, funcionarios, participación ciudadana,
      sector público, reforma fiscal, reforma tributaria, defensoría, control interno, gestión pública, ingresos corrientes, fortalecimiento institucional, hacienda, servidores públicos, empleados públicos, plan plurianual de inversiones`,
    ),
    near: terms(
      `gobierno, presupuesto, gasto, tributos, deuda, administración, congreso, parlamento, reforma, público, instituciones, legislación, regulación, municipio, alcaldía, autoridades,
      supervisión, participación, votantes, tesoro, gobernación, estadísticas, concejo, trámites, institucional, entidades, ayuntamiento, estado`,
    ),
  },
  PA09: {
    core: terms(
      `agricultura, agrícola, agricultores, campesinos, campesina, granjas, cultivos, ganadería, ganadero, desarrollo rural, rural, seguridad alimentaria, soberanía alimentaria, regadío, riego, pesca,
      pesquero, reforma agraria, tenencia de la tierra, pequeños productores, cosecha, hambre, agroalimentario, comedores escolares, alimentación escolar, agropecuario, restitución de
      tierras, titulación de tierras, agroecología, lácteo, fertilizantes, plaguicidas, acuicultura, agroindustria, economía campesina, alimentación`,
    ),
    near: terms(
      `alimentos, tierra, tierras, semillas, suelo, productores, campo, pueblos, grano, trigo, maíz, arroz, carne, leche, café, hectáreas, cooperativas, forestal, nutrición, veterinario,
      rendimiento, veredas, corregimientos, tractores, asistencia técnica, acopio, fincas, cacao`,
    ),
  },
  PA10: {
    core: terms(
      `ciencia, científico, científica, tecnología, innovación, investigación y desarrollo, digital, internet, inteligencia artificial, banda ancha, investigadores, laboratorios, ciberseguridad, protección
      de datos, conectividad, brecha digital, software, telecomunicaciones, patentes, servicios digitales, ordenadores, computadores, tecnologías de la información, competencias digitales,
      gobierno electrónico, gobierno digital, datos abiertos, biotecnología, investigación científica, transformación digital, TIC, semiconductores`,
    ),
    near: terms(
      `datos, plataforma, en línea, tecnológico, descubrimiento, innovador, ingenieros, ingeniería, espacio, satélite, móvil, redes, fibra óptica, web, robots, automatización, conocimiento,
      invenciones, prototipos, electrónico, técnico, investigación, virtual, digitalización, informática, aplicaciones, interoperabilidad`,
    ),
  },
} as const;
