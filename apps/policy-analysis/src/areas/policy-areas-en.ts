/**
 * English terms of the ten policy areas.
 *
 * @module
 */
import { terms } from "./lexicon.ts";

export const AREA_LEXICONS_EN = {
  PA01: {
    core: terms(
      `economy, economic growth, employment, unemployment, labour market, labor market, small businesses, small business, job creation, new jobs, create jobs,
      job seekers, entrepreneurship, gross domestic product, GDP, minimum wage, inflation, exports, foreign trade, free trade, tourism, competitiveness,
      apprenticeships, manufacturing, workforce, private sector, recession, start-ups, informal economy, informal workers, industrial policy, wages`,
    ),
    near: terms(
      `jobs, economic, workers, business, companies, enterprises, industry, trade, market, investment, income, productivity, entrepreneurs, labour, labor,
      firms, credit, growth, tariffs, factories, commerce, paychecks, hiring, prosperity, worker, employers, employed, wealth, bank, consumer`,
    ),
  },
  PA02: {
    core: terms(
      `health, hospitals, health care, healthcare, mental health, patients, vaccination, vaccines, immunisation, immunization, primary care, maternal mortality,
      infant mortality, disease, epidemics, pandemic, nurses, doctors, medicines, health insurance, medical, Medicare, Medicaid, cancer, obesity, public health,
      life expectancy, malnutrition, HIV, tuberculosis, dental, drug addiction, opioids, prescription drugs, physicians`,
    ),
    near: terms(
      `clinics, care, treatment, mortality, illness, drugs, addiction, prevention, well-being, surgery, ambulance, clinical, diagnosis, screening, smoking,
      tobacco, alcohol, pregnancy, maternal, births, nutrition, suicide, beds, pharmacies, waiting list`,
    ),
  },
  PA03: {
    core: terms(
      `education, schools, teachers, pupils, students, universities, literacy, school enrolment, dropout, curriculum, kindergarten, preschool, early childhood
      education, vocational training, higher education, scholarships, museums, cultural heritage, libraries, sport, sports, arts, classrooms, colleges, culture,
      tuition, graduates, basic education, secondary education, primary education`,
    ),
    near: terms(
      `learning, teaching, training, cultural, heritage, books, college, university, degree, skills, academic, campus, enrolment, enrollment, music, artists,
      reading, lessons, athletes, student loans, graduation, languages, festival, creative`,
    ),
  },
  PA04: {
    core: terms(
      `poverty, social protection, social security, social services, gender equality, equality, discrimination, women, persons with disabilities, people with
      disabilities, disability, pensions, older persons, older people, elderly, homelessness, social inclusion, migrants, refugees, indigenous peoples, child
      protection, childcare, welfare, inequality, cash transfers, social assistance, gender, vulnerable groups, ethnic minorities, orphans, extreme poverty, child poverty`,
    ),
    near: terms(
      `families, children, poor, vulnerable, households, benefits, youth, young people, inclusion, minorities, girls, seniors, retirement, support, caregivers,
      dependants, parents, equal, exclusion, social, carers, low-income, single mothers, needy, immigrants`,
    ),
  },
  PA05: {
    core: terms(
      `climate, climate change, greenhouse gas, emissions, biodiversity, ecosystems, pollution, air quality, renewable energy, deforestation, forests, waste
      management, recycling, environment, environmental protection, environmental, protected areas, wetlands, carbon, clean energy, solar, wind power, water
      quality, conservation, adaptation, natural disasters, floods, drought, global warming, energy efficiency, reforestation, circular economy`,
    ),
    near: terms(
      `water, energy, waste, rivers, air, species, natural resources, fossil, oil, coal, green, warming, mitigation, sustainable, wildlife, soil, ocean,
      coast, parks, trees, plastic, nature, watershed, disaster, clean, land, erosion, temperature`,
    ),
  },
  PA06: {
    core: terms(
      `housing, homes, infrastructure, transport, transportation, roads, highways, bridges, railways, public transport, affordable housing, urban planning,
      drinking water, sanitation, sewerage, ports, airports, broadband, electricity supply, public works, buses, cycling, tenants, home ownership, homeowners,
      mortgages, slums, informal settlements, water supply, dwellings, aqueduct, traffic, mobility, urban development, metro`,
    ),
    near: terms(
      `construction, building, rent, urban, city, cities, streets, rail, trains, vehicles, kilometres, kilometers, miles, passengers, travel, network, repair,
      paving, logistics, freight, land use, settlement, sewage, electricity, stations, roofs, neighbourhood, utilities, neighborhood`,
    ),
  },
  PA07: {
    core: terms(
      `crime, police, courts, judges, justice, prisons, human rights, homicide, terrorism, terrorists, national security, public safety, violence, victims, armed
      forces, military, defence, defense, law enforcement, access to justice, domestic violence, drug trafficking, human trafficking, border security,
      prosecutors, gangs, citizen security, peacebuilding, armed conflict, cybercrime, war, troops, soldiers, weapons, prisoners, detention, peace`,
    ),
    near: terms(
      `security, safety, rights, legal aid, offenders, convicted, conflict, border, guns, firearms, officers, enemy, threat, freedom, civil liberties, judicial,
      reconciliation, sentence, army, navy, alliance, veterans, attack, trials, enforcement, criminal, protection, safe`,
    ),
  },
  PA08: {
    core: terms(
      `public finance, public finances, public administration, corruption, transparency, accountability, taxes, taxation, deficit, public debt, tax revenue, fiscal, public
      procurement, open government, civil service, decentralisation, decentralization, elections, public spending, governance, audit, civil servants, municipal
      finance, citizen participation, national debt, budget deficit, federal budget, balanced budget, public sector, tax relief, tax cuts, tax reform, ombudsman, fiscal policy, public services`,
    ),
    near: terms(
      `government, budget, spending, tax, revenue, debt, administration, congress, parliament, reform, public, institutions, legislation, regulation, municipality,
      officials, expenditure, oversight, participation, voters, treasury, federal, local government, statistics, councils, bureaucracy, surplus, state`,
    ),
  },
  PA09: {
    core: terms(
      `agriculture, agricultural, farmers, farms, farming, crops, livestock, rural development, rural, food security, irrigation, fisheries, fishing, land reform,
      land tenure, smallholders, harvest, peasants, ranchers, cattle, food production, hunger, agri-food, school meals, land titles, agroecology, dairy,
      fertiliser, fertilizer, pesticides, food prices, aquaculture, family farming`,
    ),
    near: terms(
      `food, land, seeds, soil, producers, countryside, villages, grain, wheat, maize, corn, rice, meat, milk, coffee, hectares, acres, cooperatives, forestry,
      nutrition, veterinary, yields, plantation, tractors, extension services, rural areas, storage`,
    ),
  },
  PA10: {
    core: terms(
      `science, scientific, technology, technologies, innovation, research and development, digital, internet, artificial intelligence, broadband access, scientists,
      researchers, laboratories, cybersecurity, data protection, connectivity, digital divide, software, telecommunications, patents, digital services, computers,
      space programme, space program, information technology, digital skills, e-government, open data, research institutes, biotechnology, semiconductors, research`,
    ),
    near: terms(
      `data, platform, online, computer, technological, discovery, innovative, engineers, engineering, space, satellite, mobile, networks, fibre, fiber, web, robots,
      automation, cyber, knowledge, inventions, prototypes, electronic, technical, experiments, chips, nuclear, labs`,
    ),
  },
} as const;
