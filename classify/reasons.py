"""Every reason for a clerk to look, with its stable code and its sentence in Thai and English."""

from __future__ import annotations

from classify.letter import ReviewReason

# code: (Thai, English); {} is the detail, what was read.
SENTENCES: dict[str, tuple[str, str]] = {
    "low_confidence": (
        "อ่านได้ไม่ชัด โปรดเทียบกับภาพ",
        "read with low confidence; compare with the picture",
    ),
    "number_missing": ("ไม่พบเลขที่หนังสือ", "no letter number was found"),
    "number_part_handwritten": (
        "เลขที่หนังสืออ่านได้บางส่วน ({}) ส่วนที่เหลือเขียนด้วยมือหรืออ่านไม่ออก โปรดเติม",
        "the number was read in part ({}); the rest is handwritten or unclear; please complete it",
    ),
    "number_unknown_agency": (
        "ไม่รู้จักรหัสส่วนราชการ {} โปรดตรวจเลขที่หนังสือ",
        "unknown agency letters {}; please check the number",
    ),
    "number_odd_code": (
        "เลขรหัสส่วนราชการใน {} มีจำนวนหลักไม่ตรงกับตารางรหัส โปรดตรวจ",
        "the owner code in {} has another number of digits than the table; please check",
    ),
    "number_repaired": (
        "รหัสส่วนราชการอ่านได้เป็น {} และแก้ให้ตรงตารางรหัสแล้ว โปรดตรวจ",
        "the agency letters were read as {} and repaired from the table; please check",
    ),
    "number_disagrees": (
        "เลขรหัสในเลขที่หนังสือไม่ใช่ของผู้ส่ง ({}) โปรดตรวจทั้งเลขที่และผู้ส่ง",
        "the code in the number is not the sender's ({}); please check both",
    ),
    "date_missing": ("ไม่พบวันที่ของหนังสือ", "no letter date was found"),
    "date_day_unread": (
        "อ่านวันที่ไม่ออก พบเพียง “{}” โปรดเติมวัน",
        "the day could not be read, only “{}”; please complete it",
    ),
    "date_ink_beside": (
        "มีรอยหมึกชิดหน้าวันที่ ({}) อาจเป็นตัวเลขที่อ่านไม่ออก โปรดตรวจวัน",
        "there is ink close before the date ({}); it may be a figure that was not read; please check the day",
    ),
    "date_after_today": (
        "วันที่ของหนังสือ ({}) อยู่หลังวันนี้ โปรดตรวจ",
        "the letter's date ({}) is after today; please check",
    ),
    "date_too_old": (
        "วันที่ของหนังสือ ({}) เก่ากว่าสามสิบปี โปรดตรวจปี",
        "the letter's date ({}) is more than thirty years ago; please check the year",
    ),
    "date_common_era": (
        "ปีของหนังสือ ({}) พิมพ์เป็นคริสต์ศักราช โปรดตรวจ",
        "the year ({}) is printed in the common era; please check",
    ),
    "sender_missing": ("ไม่พบชื่อผู้ส่ง", "no sender was found"),
    "sender_with_address": (
        "ชื่อผู้ส่งมีคำของที่อยู่หรือโทรศัพท์ปน ({}) โปรดตรวจ",
        "the sender's name holds words of an address or telephone ({}); please check",
    ),
    "sender_odd_begin": (
        "ชื่อผู้ส่งไม่ขึ้นต้นอย่างชื่อหน่วยงาน ({}) อาจขาดบรรทัดแรก โปรดตรวจ",
        "the sender does not begin as an office's name does ({}); its first line may be missing; please check",
    ),
    "name_unknown_word": (
        "มีคำที่ไม่พบในพจนานุกรมหรือชื่อสถานที่ ({}) โปรดเทียบกับภาพ",
        "a word is in no dictionary and is no place's name ({}); compare with the picture",
    ),
    "name_stutter": (
        "มีพยางค์ซ้ำที่อาจอ่านเกิน ({}) โปรดเทียบกับภาพ",
        "a syllable stands twice and may have been read once too often ({}); compare with the picture",
    ),
    "sender_unfinished": (
        "ชื่อผู้ส่งจบโดยไม่มีชื่อสถานที่ต่อท้าย ({}) อาจขาดบรรทัดถัดไป โปรดตรวจ",
        "the sender ends without the name of a place ({}); its next line may be missing; please check",
    ),
    "name_no_place": (
        "ชื่อสถานที่ ({}) ไม่มีในบัญชีตำบลและอำเภอ แต่ใกล้ชื่อหนึ่ง อาจอ่านผิด โปรดเทียบกับภาพ",
        "the name of a place ({}) is not in the list but near one that is; compare with the picture",
    ),
    "name_resembles": (
        "มีคำที่เกือบเหมือน “{}” อาจอ่านผิดหนึ่งตัว โปรดเทียบกับภาพ",
        "something is almost “{}” and may be misread by one letter; compare with the picture",
    ),
    "figure_missing": (
        "หลังคำว่า {} ไม่มีตัวเลข อาจอ่านไม่ออก โปรดเทียบกับภาพ",
        "no figure follows {}; it may not have been read; compare with the picture",
    ),
    "cut_at_edge": (
        "ข้อความ ({}) ชิดขอบภาพ อาจถูกตัด โปรดเทียบกับภาพ",
        "the text ({}) runs to the picture's edge and may be cut off; compare with the picture",
    ),
    "value_hole": (
        "หลังคำว่า {} มีช่องว่างกว้าง อาจมีคำที่ตราหรือรอยหมึกบังอยู่ โปรดเทียบกับภาพ",
        "there is a wide gap after {}; a seal or a stain may hide a word; compare with the picture",
    ),
    "name_no_province": (
        "คำหลังคำว่าจังหวัดไม่ใช่ชื่อจังหวัด ({}) โปรดเทียบกับภาพ",
        "what follows the word for province is no province ({}); compare with the picture",
    ),
    "sender_disagrees": (
        "ชื่อผู้ส่งไม่ตรงกับรหัสในเลขที่หนังสือ ({})",
        "the sender's name does not fit the number's code ({})",
    ),
    "subject_missing": ("ไม่พบชื่อเรื่อง", "no subject was found"),
    "recipient_missing": ("ไม่พบผู้รับ (เรียน/ถึง)", "no recipient was found"),
    "recipient_unlabelled": (
        "ไม่พบคำว่าเรียนหรือถึง ผู้รับนี้ ({}) เดาจากรูปคำ โปรดตรวจ",
        "no word of address was found; this recipient ({}) is guessed from its form; please check",
    ),
    "recipient_not_printed": (
        "หนังสือชนิดนี้ไม่พิมพ์ผู้รับ โปรดระบุถ้าต้องการ",
        "this kind of letter prints no recipient; add one if wanted",
    ),
    "secrecy_suspected": (
        "พบข้อความคล้ายตราชั้นความลับ ({}) ถือเป็นหนังสือลับจนกว่านายทะเบียนจะตรวจ",
        "something like a secrecy mark ({}); treated as secret until the registrar has looked",
    ),
    "secrecy_seen": (
        "พบรอยที่มีรูปร่างคล้ายตราชั้นความลับ ถือเป็นหนังสือลับจนกว่านายทะเบียนจะตรวจ",
        "something looks like a secrecy mark; treated as secret until the registrar has looked",
    ),
    "mark_seen": (
        "พบรอยที่มีรูปร่างคล้ายตราชั้นความเร็วแต่อ่านไม่ออก โปรดดูชั้นความเร็ว",
        "something looks like an urgency mark and could not be read; please check the urgency",
    ),
    "mark_unread": (
        "พบตราหรือข้อความตัวใหญ่ที่หัวหนังสือที่อ่านไม่ออก ({}) โปรดดูชั้นความเร็ว",
        "a large mark at the head could not be read ({}); please check the urgency",
    ),
    "kind_unsure": ("ไม่แน่ใจชนิดหนังสือ ({})", "the kind of letter is not certain ({})"),
    "group_unsure": (
        "คะแนนของกลุ่มใกล้กันมาก ({}) โปรดเลือก",
        "the groups' scores are close ({}); please choose",
    ),
    "group_default": (
        "ไม่พบคำที่บอกกลุ่ม จึงเสนอ{} โปรดเลือก",
        "no word tells the group; {} is proposed; please choose",
    ),
    "list_disagrees": (
        "ที่อ่านได้ไม่ตรงกับบัญชีของระบบต้นทาง ({}) โปรดเลือกค่าที่ถูก",
        "what was read differs from the other system's list ({}); please choose the right one",
    ),
    "page_unread": (
        "หน้า {} มีข้อความที่อ่านไม่ออก มิใช่หน้าว่าง โปรดดูภาพ หรือสแกนหน้านั้นใหม่",
        "page {} has print that could not be read, it is not blank; look at the picture or scan that page anew",
    ),
    "secrecy_unread": (
        "หน้าแรกอ่านไม่ออก จึงไม่ทราบว่ามีตราชั้นความลับหรือไม่ ถือเป็นหนังสือลับจนกว่านายทะเบียนจะตรวจ",
        "the first page could not be read and may carry a secrecy mark; treated as secret until the registrar looked",
    ),
    "several_letters": (
        "ไฟล์นี้อาจมีหนังสือหลายฉบับ ฉบับใหม่น่าจะเริ่มหน้า {} โปรดแยกหรือยืนยันว่าเป็นฉบับเดียว",
        "the file may hold several letters, beginning on page {}; split it or confirm that it is one",
    ),
    "letters_on_sheet": (
        "หน้า {} มีหนังสือสองฉบับบนแผ่นเดียวกัน ระบบลงรับเฉพาะฉบับแรก โปรดสแกนฉบับที่สองแยกต่างหาก",
        "page {} holds two letters on one sheet; only the first was registered; scan the second by itself",
    ),
    "retention_protected": (
        "เสนออายุการเก็บ {} ซึ่งลดลงเองไม่ได้ โปรดยืนยัน",
        "retention class {} is proposed, which is never lowered by itself; please confirm",
    ),
}


def reason(field: str, code: str, detail: str = "") -> ReviewReason:
    """Return the review reason of a code for a field, with what was read put in."""
    thai, english = SENTENCES[code]
    return ReviewReason(field, code, thai.replace("{}", detail), english.replace("{}", detail))
