"""Reports as most of an archive's are: long, of other things, none with a fracture of the patient. Written by
hand."""

ARCHIVE = (
    """CT THORAX, ABDOMEN AND PELVIS WITH CONTRAST
Clinical details: Weight loss, iron deficiency anaemia. ?malignancy
Technique: Portal venous phase, oral contrast.
Findings:
Thorax: No enlarged axillary, mediastinal or hilar lymph nodes. The thyroid is normal. Mild centrilobular emphysema in
both upper lobes. There is a 4 mm nodule in the lateral segment of the middle lobe, which is smooth and probably an
intrapulmonary lymph node. No consolidation. No pleural or pericardial effusion. Coronary artery calcification.
Abdomen and pelvis: Circumferential thickening of the caecum over 5 cm with stranding of the adjacent fat and
three local
lymph nodes up to 9 mm. The terminal ileum is not obstructed. The liver contains two simple cysts, the larger
in segment
IVa measuring 18 mm; no suspicious focal lesion. The gallbladder contains small stones and is not inflamed.
The pancreas,
spleen, adrenals and kidneys are normal apart from a parapelvic cyst on the left. The abdominal aorta is
ectatic at 27 mm.
The bladder is normal. The prostate is enlarged. No free fluid.
Bones: Degenerative change in the lumbar spine. No destructive bone lesion.
Conclusion: Appearances are in keeping with a caecal carcinoma, T3 N1 M0. For discussion at the colorectal MDT.""",
    """CT HEAD
Clinical Information: 81 year old, confusion for two days, on apixaban. ?bleed
There is no intracranial haemorrhage, extra-axial collection or mass effect. The ventricles and sulci are prominent in
keeping with involutional change. Patchy low attenuation in the periventricular and deep white matter is most
likely due
to small vessel disease. An old lacunar infarct is noted in the right lentiform nucleus. The grey-white matter
differentiation is preserved. The basal cisterns are patent. The paranasal sinuses and mastoid air cells are
clear apart
from a small retention cyst in the left maxillary antrum. The orbits are unremarkable.
Comment: No acute intracranial abnormality. Small vessel ischaemic change.""",
    """CHEST X-RAY
Clinical Details: Chronic obstructive pulmonary disease, productive cough and fever.
The lungs are hyperinflated with flattening of the diaphragms. There is patchy airspace opacification at the
right base,
which is new compared with the film of last month and is in keeping with infection. Blunting of the right costophrenic
angle suggests a small parapneumonic effusion. The left lung is clear. The heart is not enlarged. The mediastinum is
central. No pneumothorax. A follow-up film in six weeks is suggested to ensure resolution.""",
    """ULTRASOUND ABDOMEN
Clinical details: Deranged LFTs, RUQ pain.
The liver is of normal size with diffusely increased echogenicity in keeping with fatty change. No focal
lesion. The portal
vein is patent with hepatopetal flow. Multiple mobile calculi in the gallbladder, the largest 12 mm. The
gallbladder wall is
not thickened and there is no pericholecystic fluid. Murphy's sign is negative. The common bile duct measures
5 mm. The
pancreas is partly obscured by bowel gas; the parts seen are normal. The right kidney measures 10.4 cm and the
left 10.9 cm,
both with normal cortical thickness. A simple cyst of 22 mm is noted in the upper pole of the left kidney. The spleen
measures 10.5 cm. The aorta is not aneurysmal. No free fluid.
Conclusion: Fatty liver and gallstones without evidence of cholecystitis.""",
    """MRI BRAIN WITH AND WITHOUT CONTRAST
INDICATION: Relapsing remitting multiple sclerosis, on natalizumab, annual follow-up.
COMPARISON: MRI of last year.
TECHNIQUE: Sagittal FLAIR, axial T2, DWI, SWI, T1 before and after gadolinium.
FINDINGS: Multiple T2 hyperintense lesions in the periventricular, juxtacortical and infratentorial white
matter, typical of
demyelination. The lesion count is unchanged. No new lesion. No lesion enhances. No restricted diffusion. No
features of
progressive multifocal leucoencephalopathy. The brain volume is stable. The ventricles are of normal size. The
visualised
cervical cord shows a stable lesion at the level of the second vertebral body. The orbits and the sinuses are normal.
IMPRESSION: Stable demyelinating disease without activity.""",
    """CT PULMONARY ANGIOGRAM
Clinical details: Sudden pleuritic chest pain, D-dimer raised, recent knee replacement.
Good opacification of the pulmonary arteries. There are filling defects in the segmental arteries of the right
lower lobe and
in a subsegmental branch of the lingula, in keeping with acute pulmonary emboli. No saddle embolus. The right
ventricle is
not dilated; the RV to LV ratio is below one. A wedge-shaped peripheral opacity in the right lower lobe is in
keeping with an
infarct. Small right pleural effusion with adjacent collapse. No lymphadenopathy. The heart is of normal size.
The thoracic
aorta is normal. The imaged upper abdomen shows a hiatus hernia and a 15 mm adenoma of the left adrenal.
No acute bony abnormality.
Conclusion: Acute segmental pulmonary emboli with a right lower lobe infarct, no right heart strain. The
referring team was
informed by telephone.""",
    """MAMMOGRAM AND ULTRASOUND BOTH BREASTS
Clinical details: New lump left breast, upper outer quadrant, 3 weeks. No family history of breast cancer.
Mammography: Heterogeneously dense breasts. In the left upper outer quadrant there is a spiculated mass of 16 mm with
associated microcalcification over 22 mm (M5). No abnormality of the right breast (M1).
Ultrasound: Irregular hypoechoic mass at 2 o'clock, 4 cm from the nipple, measuring 15 x 13 x 12 mm, with a
posterior shadow
(U5). Two axillary nodes with cortical thickness of 4 mm. Core biopsy of the mass (14 G, four passes) and FNA
of the axillary
node were performed under local anaesthetic with consent. A marker clip was placed. No immediate complication.
Impression: Left breast carcinoma until proven otherwise. For MDT with histology.""",
    """MRI LUMBAR SPINE
Clinical details: Low back pain radiating to the left leg in an L5 distribution for four months.
Five lumbar type vertebrae. Alignment is maintained. Marrow signal is normal. The conus terminates normally.
L3/4: Mild disc bulge, no neural compromise.
L4/5: Loss of disc signal and height. Left paracentral extrusion that displaces the traversing left L5 root in
the lateral
recess. Moderate facet joint arthropathy. The canal is mildly narrowed.
L5/S1: Broad based disc bulge with annular fissure. The S1 roots are not displaced. The exit foramina are adequate.
The sacroiliac joints are normal. A simple cyst of the right kidney is noted.
Conclusion: Left L4/5 disc extrusion with compression of the left L5 root.""",
    """CHEST RADIOGRAPH PORTABLE AP
INDICATION: Intubated, line position.
The endotracheal tube tip projects 4 cm above the carina. The nasogastric tube passes below the diaphragm, its
tip is not
included. Right internal jugular central line with the tip at the cavoatrial junction. No pneumothorax.
Bilateral perihilar
airspace shadowing has increased since yesterday and is in keeping with pulmonary oedema or evolving ARDS.
Small bilateral
effusions. The cardiomediastinal contour is unchanged. Median sternotomy wires are intact.""",
    """ULTRASOUND DOPPLER LEFT LEG VEINS
Clinical details: Swollen calf, Wells score 2, D-dimer positive.
The left common femoral, superficial femoral and popliteal veins are compressible throughout with normal
colour flow and
augmentation. The calf veins were seen in part and show no thrombus. There is a Baker's cyst of 42 x 18 mm in
the popliteal
fossa that has leaked along the medial head of gastrocnemius. Subcutaneous oedema of the calf.
Conclusion: No deep vein thrombosis. Ruptured Baker's cyst.""",
    """CT COLONOGRAPHY
Clinical details: Change in bowel habit, frail, unsuitable for colonoscopy.
Good distension and tagging. No polyp of 6 mm or more and no mass. Extensive sigmoid diverticulosis without
inflammation. The
caecum and the terminal ileum are normal. Extracolonic: small hiatus hernia, gallstones, a 31 mm infrarenal
aortic aneurysm
without leak, calcified granulomas in the spleen, bilateral renal cysts, a calcified fibroid. Degenerative
lumbar spondylosis
with scoliosis convex to the left. Osteopenia.
Conclusion: No colonic malignancy. Aortic aneurysm of 31 mm: suggest surveillance.""",
    """XR KNEES BOTH, WEIGHT BEARING
Clinical details: Chronic knee pain, worse on stairs.
Right: Severe loss of joint space in the medial compartment with subchondral sclerosis, osteophytes and mild
varus alignment.
Patellofemoral joint space narrowing. Small effusion.
Left: Moderate medial compartment osteoarthritis. Chondrocalcinosis of the menisci. No effusion.
Vascular calcification in the popliteal arteries.""",
    """CT URINARY TRACT
Clinical details: Left loin to groin pain, microscopic haematuria. ?stone
There is a 5 mm calculus at the left vesicoureteric junction with moderate hydronephrosis and perinephric
stranding. A further
calculus of 3 mm lies in the lower pole of the left kidney. No stone on the right. The bladder is nearly
empty. The unenhanced
liver, spleen, pancreas and adrenals are normal. The appendix is normal. Phleboliths in the pelvis. No free
fluid. No bony
abnormality.
Conclusion: Obstructing 5 mm calculus at the left VUJ.""",
    """NM MYOCARDIAL PERFUSION
Clinical details: Chest pain, previous PCI to LAD.
Pharmacological stress with adenosine. No chest pain; no ECG change. Perfusion: a moderate reversible defect
in the mid and
apical anterior wall involving 12% of the myocardium. A small fixed defect in the inferior wall is probably
due to attenuation
by the diaphragm. Gated images: the ejection fraction is 58% at rest and 55% after stress. No transient dilatation.
Conclusion: Moderate inducible ischaemia in the territory of the left anterior descending artery.""",
)
