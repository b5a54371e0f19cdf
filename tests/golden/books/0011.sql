BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0011');
CREATE TABLE arrivals (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	claim VARCHAR(64) NOT NULL, 
	letter_id INTEGER NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	name TEXT NOT NULL, 
	door TEXT NOT NULL, 
	secret_door BOOLEAN NOT NULL, 
	received_at DATETIME NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_arrivals PRIMARY KEY (id), 
	CONSTRAINT ck_arrivals_outcome CHECK (outcome IN ('new','duplicate')), 
	CONSTRAINT fk_arrivals_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_arrivals_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_arrivals_office_id_claim UNIQUE (office_id, claim)
);
INSERT INTO "arrivals" VALUES(1,1,'0246172448e67d1fdac37bff8ba48d1cdd514e729a006c5bbdf8bf0fefbe5379',1,'new','สแกน a.pdf','inbox',0,'2026-01-15 02:30:00.000000','ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
INSERT INTO "arrivals" VALUES(2,1,'b91103cbf003f5706ccbfb566957496b0e7bc8c675b4dbc6f4ca45c4858354c2',2,'new','สแกน b.pdf','inbox',0,'2026-01-15 02:30:00.000000','3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d');
INSERT INTO "arrivals" VALUES(3,1,'d97e727a4a75d7f56990e91b189e06edebf4c6a82554e4964d893e5b533ad5ff',3,'new','สแกน c.pdf','inbox',0,'2026-01-15 02:30:00.000000','2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6');
INSERT INTO "arrivals" VALUES(4,1,'80625fac424a96a89f23b1ef01ee2c408164e51acc37969da29b8a77b79e6013',1,'duplicate','สแกน a.pdf','inbox',0,'2026-01-15 02:30:00.000000','ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb');
INSERT INTO "arrivals" VALUES(5,1,'d25e7f164e452a1e50c36131af5411a80de557f0e7a929054ac575f9a00cd52b',4,'new','สแกน waiting.pdf','inbox',0,'2026-01-15 02:30:00.000000','80cfa3e7f28dde4df64436b652230aff28d7779116d1369c21ef2bbf37261d71');
CREATE TABLE attempts (
	"key" VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	blocked_until DATETIME NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY ("key")
);
CREATE TABLE audit (
	office_id INTEGER NOT NULL, 
	sequence BIGINT NOT NULL, 
	at DATETIME NOT NULL, 
	who TEXT NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	letter_id INTEGER, 
	details JSON NOT NULL, 
	previous_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (office_id, sequence), 
	CONSTRAINT fk_audit_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_audit_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
INSERT INTO "audit" VALUES(1,1,'2026-01-15 02:30:00.000000','door:inbox','arrived',1,'{"hidden":false,"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}','','eda05819e75b2cc563a39e44a154bde1480c27e154fae4b976b307fd059fd8d9');
INSERT INTO "audit" VALUES(1,2,'2026-01-15 02:30:00.000000','worker:w1','filed',1,'{"number":"1/2569","review":[],"revision":1,"seal":"114f3d4267a155ed42d8f7a777afe92aa7632f823e306817ac2c3ef7b740d8a7","searchable_sha256":null,"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}','eda05819e75b2cc563a39e44a154bde1480c27e154fae4b976b307fd059fd8d9','53e50549fbdb055148ca83f90d7625c03e764adb6f512a6f28859121a602b274');
INSERT INTO "audit" VALUES(1,3,'2026-01-15 02:30:00.000000','door:inbox','arrived',2,'{"hidden":false,"sha256":"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"}','53e50549fbdb055148ca83f90d7625c03e764adb6f512a6f28859121a602b274','a1f20d3ce9110b5e1396be631e9da55ffadb8754eba320fd025ecf7beef54abb');
INSERT INTO "audit" VALUES(1,4,'2026-01-15 03:30:00.000000','worker:w1','filed',2,'{"number":"2/2569","review":[["number","low"]],"revision":1,"seal":"9d7fa082e50c0a52719c689765da62691e8d58e5a6ec33d10c5c9c0f4a801eb4","searchable_sha256":null,"sha256":"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"}','a1f20d3ce9110b5e1396be631e9da55ffadb8754eba320fd025ecf7beef54abb','dd238b0685165ee13a239cccdbf3b19b65172c07dd870d18d9696c87cd698f45');
INSERT INTO "audit" VALUES(1,5,'2026-01-15 02:30:00.000000','door:inbox','arrived',3,'{"hidden":false,"sha256":"2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"}','dd238b0685165ee13a239cccdbf3b19b65172c07dd870d18d9696c87cd698f45','daa92c8d99679d1beff7eafc988380a1decedbadbbd2442820d1e4cee4a8614c');
INSERT INTO "audit" VALUES(1,6,'2026-01-15 04:30:00.000000','worker:w1','filed',3,'{"number":"3/2569","review":[],"revision":1,"seal":"3aac01ebc71a4ac3ff0c9453ba70bb40d7f07d2d3fa4b014f17e7afdffeb6fc3","searchable_sha256":null,"sha256":"2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6"}','daa92c8d99679d1beff7eafc988380a1decedbadbbd2442820d1e4cee4a8614c','86ba7b9c4c22f3f846daf2ff7b00ee43a879ba7dbfe3d7cf1b402b5a4f8effdf');
INSERT INTO "audit" VALUES(1,7,'2026-01-15 02:30:00.000000','door:inbox','duplicate',1,'{"hidden":false,"sha256":"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"}','86ba7b9c4c22f3f846daf2ff7b00ee43a879ba7dbfe3d7cf1b402b5a4f8effdf','d79d24c3d2da1f5269b52ed783ffa126a9f08f03e48f6a82896b2fe922e03803');
INSERT INTO "audit" VALUES(1,8,'2026-01-15 02:30:00.000000','door:inbox','arrived',4,'{"hidden":false,"sha256":"80cfa3e7f28dde4df64436b652230aff28d7779116d1369c21ef2bbf37261d71"}','d79d24c3d2da1f5269b52ed783ffa126a9f08f03e48f6a82896b2fe922e03803','790ef706f101b77024504a5985781606633797219fe4bdc0e7cda80752d057ae');
INSERT INTO "audit" VALUES(1,9,'2026-01-15 02:30:00.000000','มาลี','sent_entered',NULL,'{"book":"send","number":"1/2569","revision":1}','790ef706f101b77024504a5985781606633797219fe4bdc0e7cda80752d057ae','97c342a7fb1905b94f5f092d7385cc7c9e6153a8a56358ff7b5039e6e476b7b3');
CREATE TABLE batch_items (
	batch_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	taken_out BOOLEAN NOT NULL, 
	CONSTRAINT pk_batch_items PRIMARY KEY (batch_id, position), 
	CONSTRAINT fk_batch_items_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id), 
	CONSTRAINT fk_batch_items_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE batch_steps (
	batch_id INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	step JSON NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_batch_steps PRIMARY KEY (batch_id, sequence), 
	CONSTRAINT fk_batch_steps_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id)
);
CREATE TABLE batches (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	year INTEGER NOT NULL, 
	proposer TEXT NOT NULL, 
	proposed_on DATE NOT NULL, 
	stage VARCHAR(16) NOT NULL, is_secret BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT fk_batches_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_batches_office_id_code UNIQUE (office_id, code)
);
CREATE TABLE changes (
	letter_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	since INTEGER NOT NULL, 
	action VARCHAR(16) NOT NULL, 
	"before" JSON NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_changes PRIMARY KEY (letter_id, revision), 
	CONSTRAINT fk_changes_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE clocks (
	letter_id INTEGER NOT NULL, 
	finished_on DATE, 
	audited_on DATE, 
	superseded_on DATE, kept_until_year INTEGER, wanted_on DATE, 
	CONSTRAINT pk_clocks PRIMARY KEY (letter_id), 
	CONSTRAINT fk_clocks_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE contents (
	letter_id INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	letter JSON NOT NULL, 
	decision JSON NOT NULL, 
	CONSTRAINT pk_contents PRIMARY KEY (letter_id), 
	CONSTRAINT fk_contents_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
INSERT INTO "contents" VALUES(1,'ข้อความของหนังสือ','{"date":["2026-01-05","๕ มกราคม ๒๕๖๙",0.9,1,null,"made up"],"kind":["external","",0.9,null,null,"made up"],"number":["ศธ 04001/ว 123","ศธ 04001/ว 123",0.97,1,[10,20,300,60],"made up"],"recipient":["ผู้อำนวยการ","ผู้อำนวยการ",0.97,1,[10,20,300,60],"made up"],"sender":["สำนักงานสมมติ","สำนักงานสมมติ",0.97,1,[10,20,300,60],"made up"],"subject":["การประชุมผู้บริหารสถานศึกษา","การประชุมผู้บริหารสถานศึกษา",0.97,1,[10,20,300,60],"made up"],"urgency":["","",0.9,1,null,"made up"]}','{"copies":[],"group":"admin","margin":0.6,"retention_because":"57","retention_class":"R10","review":[],"scores":[["admin",3.5,[["ประชุม","subject",2.0]]]]}');
INSERT INTO "contents" VALUES(2,'ข้อความของหนังสือ','{"date":["2026-01-05","๕ มกราคม ๒๕๖๙",0.9,1,null,"made up"],"kind":["external","",0.9,null,null,"made up"],"number":["ศธ 04001/ว 7","ศธ 04001/ว 7",0.97,1,[10,20,300,60],"made up"],"recipient":["ผู้อำนวยการ","ผู้อำนวยการ",0.97,1,[10,20,300,60],"made up"],"sender":["สำนักงานสมมติ","สำนักงานสมมติ",0.97,1,[10,20,300,60],"made up"],"subject":["การประชุมผู้บริหารสถานศึกษา","การประชุมผู้บริหารสถานศึกษา",0.97,1,[10,20,300,60],"made up"],"urgency":["","",0.9,1,null,"made up"]}','{"copies":[],"group":"admin","margin":0.6,"retention_because":"57","retention_class":"R10","review":[["number","low","เลขที่ไม่ชัด","the number is unclear",[]]],"scores":[["admin",3.5,[["ประชุม","subject",2.0]]]]}');
INSERT INTO "contents" VALUES(3,'ข้อความของหนังสือ','{"date":["2026-01-05","๕ มกราคม ๒๕๖๙",0.9,1,null,"made up"],"kind":["external","",0.9,null,null,"made up"],"number":["ศธ 04001/ว 123","ศธ 04001/ว 123",0.97,1,[10,20,300,60],"made up"],"recipient":["ผู้อำนวยการ","ผู้อำนวยการ",0.97,1,[10,20,300,60],"made up"],"secrecy":["ลับ","ลับ",0.9,1,null,"made up"],"sender":["สำนักงานสมมติ","สำนักงานสมมติ",0.97,1,[10,20,300,60],"made up"],"subject":["เรื่องที่ปกปิด","เรื่องที่ปกปิด",0.97,1,[10,20,300,60],"made up"],"urgency":["","",0.9,1,null,"made up"]}','{"copies":[],"group":"admin","margin":0.6,"retention_because":"57","retention_class":"R10","review":[],"scores":[["admin",3.5,[["ประชุม","subject",2.0]]]]}');
CREATE TABLE copies (
	letter_id INTEGER NOT NULL, 
	group_code VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_copies PRIMARY KEY (letter_id, group_code), 
	CONSTRAINT fk_copies_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE corrections (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_corrections PRIMARY KEY (id), 
	CONSTRAINT fk_corrections_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE counters (
	office_id INTEGER NOT NULL, 
	book VARCHAR(16) NOT NULL, 
	buddhist_year INTEGER NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (office_id, book, buddhist_year), 
	CONSTRAINT fk_counters_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
INSERT INTO "counters" VALUES(1,'receive',2569,1,3);
INSERT INTO "counters" VALUES(1,'send',2569,1,1);
CREATE TABLE deadlines (
	letter_id INTEGER NOT NULL, 
	due_on DATE NOT NULL, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_deadlines PRIMARY KEY (letter_id), 
	CONSTRAINT fk_deadlines_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	target TEXT NOT NULL, 
	sequence BIGINT NOT NULL, 
	event VARCHAR(64) NOT NULL, 
	letter_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	due_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	problem TEXT NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('waiting','sent','given_up')), 
	CONSTRAINT fk_deliveries_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_deliveries_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_deliveries_office_id_target_sequence UNIQUE (office_id, target, sequence)
);
CREATE TABLE delivery_marks (
	office_id INTEGER NOT NULL, 
	sequence BIGINT NOT NULL, 
	CONSTRAINT pk_delivery_marks PRIMARY KEY (office_id), 
	CONSTRAINT fk_delivery_marks_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
CREATE TABLE denials (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	person TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	ended_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_denials PRIMARY KEY (id), 
	CONSTRAINT fk_denials_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE disposals (
	batch_id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	intended_at DATETIME NOT NULL, 
	evidence JSON NOT NULL, 
	verified_at DATETIME, 
	CONSTRAINT pk_disposals PRIMARY KEY (batch_id, letter_id), 
	CONSTRAINT ck_disposals_state CHECK (state IN ('intended','erased','verified')), 
	CONSTRAINT fk_disposals_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id), 
	CONSTRAINT fk_disposals_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE executions (
	batch_id INTEGER NOT NULL, 
	executor TEXT NOT NULL, 
	began_at DATETIME NOT NULL, 
	statement JSON NOT NULL, 
	finished_at DATETIME, 
	certificate JSON NOT NULL, 
	CONSTRAINT pk_executions PRIMARY KEY (batch_id), 
	CONSTRAINT fk_executions_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id)
);
CREATE TABLE folder_papers (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	letter_id INTEGER, 
	group_code VARCHAR(64) NOT NULL, 
	subject TEXT NOT NULL, 
	body TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	station VARCHAR(16) NOT NULL, 
	last VARCHAR(16) NOT NULL, 
	revision INTEGER NOT NULL, 
	made_by TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_folder_papers PRIMARY KEY (id), 
	CONSTRAINT fk_folder_papers_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT fk_folder_papers_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE folder_steps (
	id INTEGER NOT NULL, 
	paper_id INTEGER NOT NULL, 
	deed VARCHAR(16) NOT NULL, 
	station VARCHAR(16) NOT NULL, 
	who TEXT NOT NULL, 
	acting_for TEXT NOT NULL, 
	words TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_folder_steps PRIMARY KEY (id), 
	CONSTRAINT fk_folder_steps_paper_id FOREIGN KEY(paper_id) REFERENCES folder_papers (id)
);
CREATE TABLE grants (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	person TEXT NOT NULL, 
	until DATETIME NOT NULL, 
	reason TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, ended_at DATETIME, ended_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_grants PRIMARY KEY (id), 
	CONSTRAINT fk_grants_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE handovers (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	giver TEXT NOT NULL, 
	taker TEXT NOT NULL, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	received_at DATETIME, 
	taken_back_at DATETIME, 
	taken_back_by TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_handovers PRIMARY KEY (id), 
	CONSTRAINT fk_handovers_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE holds (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	reason TEXT NOT NULL, 
	placed_by TEXT NOT NULL, 
	placed_on DATE NOT NULL, 
	until DATE, 
	released_by TEXT, 
	released_on DATE, 
	release_reason TEXT NOT NULL, 
	CONSTRAINT pk_holds PRIMARY KEY (id), 
	CONSTRAINT ck_holds_kind CHECK (kind IN ('legal','audit','discipline','information_request')), 
	CONSTRAINT fk_holds_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE imports (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	profile TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT fk_imports_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
CREATE TABLE letters (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	lease_owner TEXT, 
	lease_until DATETIME, 
	attempts INTEGER NOT NULL, 
	reason_code VARCHAR(64) NOT NULL, 
	reason_thai TEXT NOT NULL, 
	reason_english TEXT NOT NULL, 
	reason_detail TEXT NOT NULL, 
	name TEXT NOT NULL, 
	door TEXT NOT NULL, 
	secret_door BOOLEAN NOT NULL, 
	received_at DATETIME NOT NULL, 
	media_type TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	work_path TEXT NOT NULL, 
	page_count INTEGER NOT NULL, 
	searchable_sha256 VARCHAR(64), 
	book VARCHAR(16), 
	buddhist_year INTEGER, 
	running INTEGER, 
	filed_at DATETIME, 
	revision INTEGER NOT NULL, 
	cancelled BOOLEAN NOT NULL, 
	review_count INTEGER NOT NULL, 
	is_secret BOOLEAN NOT NULL, 
	suspected_secret BOOLEAN NOT NULL, 
	number TEXT NOT NULL, 
	number_as_printed TEXT NOT NULL, 
	number_key TEXT NOT NULL, 
	date DATE, 
	sender TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	urgency VARCHAR(32) NOT NULL, 
	secrecy VARCHAR(32) NOT NULL, 
	group_code VARCHAR(64) NOT NULL, 
	retention_class VARCHAR(32) NOT NULL, haste INTEGER DEFAULT 3 NOT NULL, step VARCHAR(16) DEFAULT '' NOT NULL, standing VARCHAR(16) DEFAULT 'registry' NOT NULL, proposed_group VARCHAR(64) DEFAULT '' NOT NULL, batch BOOLEAN DEFAULT 0 NOT NULL, erased_on DATE, paper_ended_on DATE, 
	CONSTRAINT pk_letters PRIMARY KEY (id), 
	CONSTRAINT ck_letters_filed_has_number CHECK ((state = 'filed') = (running IS NOT NULL)), 
	CONSTRAINT ck_letters_state CHECK (state IN ('waiting','working','filed','quarantined')), 
	CONSTRAINT ck_letters_number_whole CHECK ((running IS NULL) = (buddhist_year IS NULL) AND (running IS NULL) = (book IS NULL)), 
	CONSTRAINT fk_letters_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_letters_office_id_book_buddhist_year_running UNIQUE (office_id, book, buddhist_year, running), 
	CONSTRAINT uq_letters_office_id_sha256 UNIQUE (office_id, sha256)
);
INSERT INTO "letters" VALUES(1,1,'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb','filed',NULL,NULL,1,'','','','','สแกน a.pdf','inbox',0,'2026-01-15 02:30:00.000000','application/pdf',1000,'work/a-1.pdf',1,NULL,'receive',2569,1,'2026-01-15 02:30:00.000000',1,0,0,0,0,'ศธ 04001/ว 123','ศธ 04001/ว 123','ศธ04001/ว123','2026-01-05','สำนักงานสมมติ','ผู้อำนวยการ','การประชุมผู้บริหารสถานศึกษา','external','','','admin','R10',3,'','registry','',0,NULL,NULL);
INSERT INTO "letters" VALUES(2,1,'3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d','filed',NULL,NULL,1,'','','','','สแกน b.pdf','inbox',0,'2026-01-15 02:30:00.000000','application/pdf',1000,'work/b-1.pdf',1,NULL,'receive',2569,2,'2026-01-15 03:30:00.000000',1,0,1,0,0,'ศธ 04001/ว 7','ศธ 04001/ว 7','ศธ04001/ว7','2026-01-05','สำนักงานสมมติ','ผู้อำนวยการ','การประชุมผู้บริหารสถานศึกษา','external','','','admin','R10',3,'','registry','',0,NULL,NULL);
INSERT INTO "letters" VALUES(3,1,'2e7d2c03a9507ae265ecf5b5356885a53393a2029d241394997265a1a25aefc6','filed',NULL,NULL,1,'','','','','สแกน c.pdf','inbox',0,'2026-01-15 02:30:00.000000','application/pdf',1000,'work/c-1.pdf',1,NULL,'receive',2569,3,'2026-01-15 04:30:00.000000',1,0,0,1,0,'ศธ 04001/ว 123','ศธ 04001/ว 123','ศธ04001/ว123','2026-01-05','สำนักงานสมมติ','ผู้อำนวยการ','เรื่องที่ปกปิด','external','','ลับ','admin','R10',3,'','registry','',0,NULL,NULL);
INSERT INTO "letters" VALUES(4,1,'80cfa3e7f28dde4df64436b652230aff28d7779116d1369c21ef2bbf37261d71','waiting',NULL,NULL,0,'','','','','สแกน waiting.pdf','inbox',0,'2026-01-15 02:30:00.000000','application/pdf',1000,'work/waiting-1.pdf',0,NULL,NULL,NULL,NULL,NULL,0,0,0,0,0,'','','',NULL,'','','','','','','','',3,'','registry','',0,NULL,NULL);
CREATE TABLE listed (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	import_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	number TEXT NOT NULL, 
	date DATE, 
	sender TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	urgency VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_listed PRIMARY KEY (id), 
	CONSTRAINT fk_listed_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT fk_listed_import_id FOREIGN KEY(import_id) REFERENCES imports (id), 
	CONSTRAINT uq_listed_office_id_sha256 UNIQUE (office_id, sha256)
);
CREATE TABLE loans (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	borrower TEXT NOT NULL, 
	unit TEXT NOT NULL, 
	standing VARCHAR(16) NOT NULL, 
	permitted_by TEXT NOT NULL, 
	received_by TEXT NOT NULL, 
	lent_on DATE NOT NULL, 
	due_on DATE NOT NULL, 
	lent_by TEXT NOT NULL, 
	returned_by TEXT, 
	returned_on DATE, 
	CONSTRAINT pk_loans PRIMARY KEY (id), 
	CONSTRAINT ck_loans_standing CHECK (standing IN ('inside','agency')), 
	CONSTRAINT fk_loans_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE mandates (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	person VARCHAR(64) NOT NULL, 
	absent VARCHAR(64) NOT NULL, 
	order_number TEXT NOT NULL, 
	begins DATE NOT NULL, 
	ends DATE, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	ended_by TEXT NOT NULL, 
	CONSTRAINT pk_mandates PRIMARY KEY (id), 
	CONSTRAINT fk_mandates_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
CREATE TABLE movements (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	step VARCHAR(16) NOT NULL, 
	group_code VARCHAR(64) NOT NULL, 
	officer TEXT NOT NULL, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_movements PRIMARY KEY (id), 
	CONSTRAINT fk_movements_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE numbers (
	office_id INTEGER NOT NULL, 
	book VARCHAR(16) NOT NULL, 
	buddhist_year INTEGER NOT NULL, 
	running INTEGER NOT NULL, 
	status VARCHAR(16) NOT NULL, 
	letter_id INTEGER, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, waits_for VARCHAR(64), 
	CONSTRAINT pk_numbers PRIMARY KEY (office_id, book, buddhist_year, running), 
	CONSTRAINT ck_numbers_status CHECK (status IN ('given','reserved','cancelled')), 
	CONSTRAINT fk_numbers_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_numbers_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
INSERT INTO "numbers" VALUES(1,'receive',2569,1,'given',1,'','worker:w1','2026-01-15 02:30:00.000000',NULL);
INSERT INTO "numbers" VALUES(1,'receive',2569,2,'given',2,'','worker:w1','2026-01-15 03:30:00.000000',NULL);
INSERT INTO "numbers" VALUES(1,'receive',2569,3,'given',3,'','worker:w1','2026-01-15 04:30:00.000000',NULL);
INSERT INTO "numbers" VALUES(1,'send',2569,1,'given',NULL,'','มาลี','2026-01-15 02:30:00.000000',NULL);
CREATE TABLE offices (
	id INTEGER NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	audit_sequence BIGINT NOT NULL, 
	audit_hash VARCHAR(64) NOT NULL, identity TEXT DEFAULT '' NOT NULL, place TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_offices PRIMARY KEY (id), 
	CONSTRAINT uq_offices_code UNIQUE (code)
);
INSERT INTO "offices" VALUES(1,'office','office',9,'97c342a7fb1905b94f5f092d7385cc7c9e6153a8a56358ff7b5039e6e476b7b3','','');
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	op VARCHAR(8) NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id), 
	CONSTRAINT fk_outbox_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
INSERT INTO "outbox" VALUES(1,1,1,1,'put');
INSERT INTO "outbox" VALUES(2,1,2,1,'put');
INSERT INTO "outbox" VALUES(3,1,3,1,'remove');
CREATE TABLE page_hashes (
	letter_id INTEGER NOT NULL, 
	hash VARCHAR(128) NOT NULL, 
	CONSTRAINT pk_page_hashes PRIMARY KEY (letter_id), 
	CONSTRAINT fk_page_hashes_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE parts (
	office_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	source_id INTEGER NOT NULL, 
	relation VARCHAR(16) NOT NULL, 
	first_page INTEGER NOT NULL, 
	last_page INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_parts PRIMARY KEY (office_id, sha256), 
	CONSTRAINT fk_parts_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT fk_parts_source_id FOREIGN KEY(source_id) REFERENCES letters (id)
);
CREATE TABLE people (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	shown_name TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	roles JSON NOT NULL, 
	groups JSON NOT NULL, 
	clearance VARCHAR(32) NOT NULL, 
	active BOOLEAN NOT NULL, 
	must_change_password BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT fk_people_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_people_office_id_name UNIQUE (office_id, name)
);
CREATE TABLE places (
	letter_id INTEGER NOT NULL, 
	shelf TEXT NOT NULL, 
	box TEXT NOT NULL, 
	file_code TEXT NOT NULL, 
	stored_on DATE NOT NULL, 
	stored_by TEXT NOT NULL, 
	CONSTRAINT pk_places PRIMARY KEY (letter_id), 
	CONSTRAINT fk_places_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE reviews (
	id INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	thai TEXT NOT NULL, 
	english TEXT NOT NULL, 
	closed_at DATETIME, 
	closed_by TEXT, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT fk_reviews_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
INSERT INTO "reviews" VALUES(1,2,'number','low','เลขที่ไม่ชัด','the number is unclear',NULL,NULL);
CREATE TABLE same_letters (
	first_id INTEGER NOT NULL, 
	second_id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	because VARCHAR(32) NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_same_letters PRIMARY KEY (first_id, second_id), 
	CONSTRAINT ck_same_letters_state CHECK (state IN ('held','offered','joined','different')), 
	CONSTRAINT fk_same_letters_first_id FOREIGN KEY(first_id) REFERENCES letters (id), 
	CONSTRAINT fk_same_letters_second_id FOREIGN KEY(second_id) REFERENCES letters (id), 
	CONSTRAINT fk_same_letters_office_id FOREIGN KEY(office_id) REFERENCES offices (id)
);
INSERT INTO "same_letters" VALUES(1,3,1,'offered','number_and_sender','worker:w1','2026-01-15 04:30:00.000000');
CREATE TABLE saved_searches (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	name VARCHAR(80) NOT NULL, 
	wanted JSON NOT NULL, 
	shared_with VARCHAR(64) NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_searches PRIMARY KEY (id), 
	CONSTRAINT fk_saved_searches_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_saved_searches_office_id_owner_name UNIQUE (office_id, owner, name)
);
CREATE TABLE sent (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	book VARCHAR(16) NOT NULL, 
	buddhist_year INTEGER NOT NULL, 
	running INTEGER NOT NULL, 
	registered_at DATETIME NOT NULL, 
	registered_by TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	number TEXT NOT NULL, 
	number_key TEXT NOT NULL, 
	date DATE NOT NULL, 
	subject TEXT NOT NULL, 
	recipient TEXT NOT NULL, 
	group_code VARCHAR(64) NOT NULL, 
	urgency VARCHAR(32) NOT NULL, 
	secrecy VARCHAR(32) NOT NULL, 
	note TEXT NOT NULL, 
	answers_id INTEGER, 
	entry_key VARCHAR(64), suspected_secret BOOLEAN DEFAULT 0 NOT NULL, to_index BOOLEAN DEFAULT 1 NOT NULL, 
	CONSTRAINT pk_sent PRIMARY KEY (id), 
	CONSTRAINT fk_sent_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT fk_sent_answers_id FOREIGN KEY(answers_id) REFERENCES letters (id), 
	CONSTRAINT fk_sent_office_id_book_buddhist_year_running FOREIGN KEY(office_id, book, buddhist_year, running) REFERENCES numbers (office_id, book, buddhist_year, running), 
	CONSTRAINT uq_sent_office_id_book_buddhist_year_running UNIQUE (office_id, book, buddhist_year, running), 
	CONSTRAINT uq_sent_entry_key UNIQUE (entry_key)
);
INSERT INTO "sent" VALUES(1,1,'send',2569,1,'2026-01-15 02:30:00.000000','มาลี',1,'ศธ 04000/1','ศธ04000/1','2026-01-15','ขอส่งรายงาน','ผู้อำนวยการโรงเรียนในสังกัด','admin','','','',NULL,NULL,0,1);
CREATE TABLE sent_changes (
	id INTEGER NOT NULL, 
	sent_id INTEGER NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	old TEXT NOT NULL, 
	new TEXT NOT NULL, 
	who TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sent_changes PRIMARY KEY (id), 
	CONSTRAINT fk_sent_changes_sent_id FOREIGN KEY(sent_id) REFERENCES sent (id)
);
CREATE TABLE sent_files (
	sent_id INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	media_type TEXT NOT NULL, 
	size_bytes BIGINT NOT NULL, 
	attached_at DATETIME NOT NULL, 
	attached_by TEXT NOT NULL, state VARCHAR(16) DEFAULT 'waiting' NOT NULL, lease_owner TEXT, lease_until DATETIME, attempts INTEGER DEFAULT 0 NOT NULL, reason_thai TEXT DEFAULT '' NOT NULL, reason_detail TEXT DEFAULT '' NOT NULL, searchable_sha256 VARCHAR(64), page_count INTEGER DEFAULT 0 NOT NULL, text TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_sent_files PRIMARY KEY (sent_id, sha256), 
	CONSTRAINT fk_sent_files_sent_id FOREIGN KEY(sent_id) REFERENCES sent (id)
);
CREATE TABLE sent_recipients (
	sent_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	way TEXT NOT NULL, 
	reference TEXT NOT NULL, 
	sent_on DATE, 
	acknowledged_on DATE, 
	acknowledged_by TEXT NOT NULL, 
	CONSTRAINT pk_sent_recipients PRIMARY KEY (sent_id, position), 
	CONSTRAINT fk_sent_recipients_sent_id FOREIGN KEY(sent_id) REFERENCES sent (id)
);
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	last_seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash), 
	CONSTRAINT fk_sessions_person_id FOREIGN KEY(person_id) REFERENCES people (id)
);
CREATE TABLE tasks (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	paper_id INTEGER, 
	letter_id INTEGER, 
	origin TEXT NOT NULL, 
	words TEXT NOT NULL, 
	group_code VARCHAR(64) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	due_on DATE NOT NULL, 
	given_by TEXT NOT NULL, 
	acting_for TEXT NOT NULL, 
	given_at DATETIME NOT NULL, 
	done_at DATETIME, 
	done_by TEXT NOT NULL, 
	result TEXT NOT NULL, 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT fk_tasks_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT fk_tasks_paper_id FOREIGN KEY(paper_id) REFERENCES folder_papers (id), 
	CONSTRAINT fk_tasks_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE tokens (
	id INTEGER NOT NULL, 
	person_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	roles JSON NOT NULL, 
	made_at DATETIME NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_tokens_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_tokens_token_hash UNIQUE (token_hash)
);
CREATE TABLE transfer_items (
	list_id INTEGER NOT NULL, 
	position INTEGER NOT NULL, 
	letter_id INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_transfer_items PRIMARY KEY (list_id, position), 
	CONSTRAINT fk_transfer_items_list_id FOREIGN KEY(list_id) REFERENCES transfer_lists (id), 
	CONSTRAINT fk_transfer_items_letter_id FOREIGN KEY(letter_id) REFERENCES letters (id)
);
CREATE TABLE transfer_lists (
	id INTEGER NOT NULL, 
	office_id INTEGER NOT NULL, 
	code VARCHAR(32) NOT NULL, 
	form VARCHAR(2) NOT NULL, 
	year INTEGER NOT NULL, 
	prepared_by TEXT NOT NULL, 
	prepared_on DATE NOT NULL, 
	sent_number TEXT NOT NULL, 
	sent_on DATE, 
	received_by TEXT NOT NULL, 
	received_on DATE, 
	withdrawn_on DATE, 
	CONSTRAINT pk_transfer_lists PRIMARY KEY (id), 
	CONSTRAINT ck_transfer_lists_form CHECK (form IN ('21','22','23')), 
	CONSTRAINT fk_transfer_lists_office_id FOREIGN KEY(office_id) REFERENCES offices (id), 
	CONSTRAINT uq_transfer_lists_office_id_code UNIQUE (office_id, code)
);
CREATE INDEX ix_letters_office_id_number_key_date ON letters (office_id, number_key, date);
CREATE INDEX ix_letters_office_id_state_received_at ON letters (office_id, state, received_at);
CREATE INDEX ix_letters_seen ON letters (office_id, book, state, is_secret, suspected_secret, group_code);
CREATE INDEX ix_numbers_letter_id ON numbers (letter_id);
CREATE INDEX ix_reviews_letter_id_closed_at ON reviews (letter_id, closed_at);
CREATE INDEX ix_arrivals_office_id_outcome ON arrivals (office_id, outcome);
CREATE INDEX ix_corrections_letter_id ON corrections (letter_id);
CREATE INDEX ix_movements_letter_id ON movements (letter_id);
CREATE INDEX ix_grants_person_until ON grants (person, until);
CREATE INDEX ix_audit_letter_id ON audit (letter_id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE INDEX ix_holds_letter_id ON holds (letter_id);
CREATE INDEX ix_loans_letter_id_returned_on ON loans (letter_id, returned_on);
CREATE INDEX ix_batch_items_letter_id_taken_out ON batch_items (letter_id, taken_out);
CREATE INDEX ix_sessions_person_id ON sessions (person_id);
CREATE INDEX ix_attempts_last_at ON attempts (last_at);
CREATE INDEX ix_tokens_person_id ON tokens (person_id);
CREATE INDEX ix_letters_due ON letters (office_id, book, standing, haste, buddhist_year, running, state, cancelled, is_secret, suspected_secret, review_count, group_code);
CREATE INDEX ix_letters_of_group ON letters (office_id, group_code, book, state, is_secret, suspected_secret, cancelled, step, haste);
CREATE INDEX ix_letters_in_doubt ON letters (office_id, review_count, state, is_secret, suspected_secret, group_code);
CREATE INDEX ix_changes_who_at ON changes (who, at);
CREATE INDEX ix_parts_source_id ON parts (source_id);
CREATE INDEX ix_deadlines_due_on ON deadlines (due_on);
CREATE INDEX ix_copies_group_code ON copies (group_code);
CREATE INDEX ix_numbers_office_id_at ON numbers (office_id, at);
CREATE INDEX ix_sent_office_id_registered_at ON sent (office_id, registered_at);
CREATE INDEX ix_sent_answers_id ON sent (answers_id);
CREATE INDEX ix_sent_changes_sent_id ON sent_changes (sent_id);
CREATE INDEX ix_listed_import_id ON listed (import_id);
CREATE INDEX ix_same_letters_second_id ON same_letters (second_id);
CREATE INDEX ix_same_letters_office_id_state ON same_letters (office_id, state);
CREATE INDEX ix_deliveries_office_id_state_due_at ON deliveries (office_id, state, due_at);
CREATE INDEX ix_transfer_items_letter_id ON transfer_items (letter_id);
CREATE INDEX ix_disposals_letter_id ON disposals (letter_id);
CREATE INDEX ix_saved_searches_office_id_shared_with ON saved_searches (office_id, shared_with);
CREATE INDEX ix_sent_office_id_to_index ON sent (office_id, to_index);
CREATE INDEX ix_sent_files_state ON sent_files (state);
CREATE UNIQUE INDEX ix_numbers_office_id_waits_for ON numbers (office_id, waits_for);
CREATE INDEX ix_grants_letter_id ON grants (letter_id);
CREATE INDEX ix_denials_person ON denials (person);
CREATE INDEX ix_denials_letter_id ON denials (letter_id);
CREATE INDEX ix_handovers_letter_id ON handovers (letter_id);
CREATE INDEX ix_handovers_taker ON handovers (taker);
CREATE INDEX ix_mandates_office_id_person ON mandates (office_id, person);
CREATE INDEX ix_folder_papers_office_id_state_station ON folder_papers (office_id, state, station);
CREATE INDEX ix_folder_papers_letter_id ON folder_papers (letter_id);
CREATE INDEX ix_folder_steps_paper_id ON folder_steps (paper_id);
CREATE INDEX ix_tasks_office_id_done_at_due_on ON tasks (office_id, done_at, due_on);
CREATE INDEX ix_tasks_letter_id ON tasks (letter_id);
COMMIT;
